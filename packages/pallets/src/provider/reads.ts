import type { AccountId, Context } from '@hamster/frame';

import { without } from '../primitives/capacity.ts';
import type { MachineSpec } from '../primitives/machine.ts';
import { nextUnlock, type Withdrawable } from '../primitives/withdrawable.ts';
import { isOffered } from './market.ts';
import { totalStake, withdrawDue } from './rules/ledger.ts';
import { NextResourceId, Resources, Slices, Stakes } from './storage.ts';
import type { Resource } from './types.ts';

/** What is left of a machine. */
const freeOf = ({ capacity, allocated }: Resource): MachineSpec => {
  const { cpu_cores, memory_mib, disk_gib } = without(capacity, allocated);
  return { cpu_cores, memory_mib, disk_gib };
};

const withdrawable = (ctx: Context, who: AccountId): Withdrawable | undefined => {
  const ledger = Stakes.get(ctx, who);
  if (ledger.unbonding.length === 0) return undefined;
  const available = withdrawDue(ledger, ctx.now).amount;
  const pending = totalStake(ledger) - ledger.active - available;
  return { available, pending, next_at: nextUnlock(ledger.unbonding, ctx.now) };
};

/** What others may read of this pallet. */
export const providerReads = {
  resourceAt: (ctx: Context, id: bigint): Resource | undefined => Resources.get(ctx, id),
  freeOf,
  isOffered,
  /** Ids go from 1 to this one; some of them are gone. */
  lastResourceId: (ctx: Context): bigint => NextResourceId.get(ctx) - 1n,
  /** The orders and leases that have a slice of the machine; a machine has a bounded number of slices. */
  *slicesOf(ctx: Context, id: bigint): Iterable<bigint> {
    for (const [order] of Slices.entriesOf(ctx, id)) yield order;
  },
  withdrawable,
};
