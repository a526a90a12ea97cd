import { type Context, ensureInvariant } from '@hamster/frame';

import { NO_CAPACITY, together } from '../primitives/capacity.ts';
import { fits } from '../primitives/machine.ts';
import type { ProviderConfig } from './config.ts';
import { totalStake } from './rules/ledger.ts';
import {
  NextResourceId,
  ResourceCounts,
  Resources,
  ResourcesOf,
  SliceCounts,
  Slices,
  Stakes,
} from './storage.ts';
import { MAX_RESOURCES, MAX_SLICES, type Resource } from './types.ts';

const checkStakes = (ctx: Context, { currency }: ProviderConfig): void => {
  for (const [who, ledger] of Stakes.entries(ctx)) {
    const total = totalStake(ledger);
    const held = currency.held(ctx, 'ProviderStake', who);
    ensureInvariant(held === total, `a stake of ${total} is explained by the ledger, but ${held} is held`);
    ensureInvariant(ledger.locked <= total, `${ledger.locked} is locked of a stake of ${total}`);
    ensureInvariant(
      ledger.unbonding.every(({ amount }) => amount > 0n),
      'an empty amount unbonds',
    );
  }
};

const checkSlices = (ctx: Context, id: bigint, { allocated, capacity, live_leases }: Resource): void => {
  const slices = [...Slices.entriesOf(ctx, id)].map(([, slice]) => slice);
  const sum = slices.reduce((total, { spec }) => together(total, spec), NO_CAPACITY);
  ensureInvariant(
    fits(sum, allocated) && fits(allocated, sum),
    `resource ${id}: allocated is not what is sliced`,
  );
  ensureInvariant(fits(allocated, capacity), `resource ${id}: more is allocated than there is`);
  ensureInvariant(live_leases <= slices.length, `resource ${id}: more leases than slices`);
  const count = SliceCounts.get(ctx, id);
  const isCounted = slices.length === count && count <= MAX_SLICES;
  ensureInvariant(isCounted, `resource ${id}: ${slices.length} slices, but ${count} were counted`);
};

/** Every provider's machines are counted, and bounded; nobody else has a count. */
const checkCounts = (ctx: Context): void => {
  let sum = 0;
  for (const [owner, count] of ResourceCounts.entries(ctx)) {
    const owned = [...ResourcesOf.entriesOf(ctx, owner)].length;
    const isRight = count === owned && count > 0 && count <= MAX_RESOURCES;
    ensureInvariant(isRight, `a provider has ${owned} machines, but ${count} were counted`);
    sum += count;
  }
  ensureInvariant(sum === [...ResourcesOf.entries(ctx)].length, 'machines of a provider were not counted');
};

const checkResources = (ctx: Context): void => {
  const next = NextResourceId.get(ctx);
  let count = 0;
  for (const [id, resource] of Resources.entries(ctx)) {
    count += 1;
    ensureInvariant(id < next, `resource ${id} is not older than the next id, ${next}`);
    ensureInvariant(ResourcesOf.has(ctx, resource.owner, id), `resource ${id} is not in its owner's index`);
    checkSlices(ctx, id, resource);
  }
  ensureInvariant([...ResourcesOf.entries(ctx)].length === count, 'the index of owners has other machines');
  const stray = [...Slices.entries(ctx)].some(([[id]]) => !Resources.has(ctx, id));
  ensureInvariant(!stray, 'a slice belongs to no machine');
};

/** Stake held = ledger; locked ≤ stake; allocated = Σ slices ≤ capacity; indexes match. */
export const tryState =
  (config: ProviderConfig) =>
  (ctx: Context): void => {
    checkStakes(ctx, config);
    checkResources(ctx);
    checkCounts(ctx);
  };
