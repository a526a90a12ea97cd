import { defineCall, ensureRoot, MultiAddress } from '@hamster/frame';
import { compact, u128 } from '@hamster/scale';
import type { Ledger } from '../ledger.ts';
import { lookup } from '../lookup.ts';
import { transfer, TRANSFER_WEIGHT } from '../transfers.ts';

export const forceTransfer = (ledger: Ledger) =>
  defineCall({
    index: 2,
    docs: [
      'Exactly as `transfer_allow_death`, except the origin must be root and the source may be specified.',
    ],
    args: { source: MultiAddress, dest: MultiAddress, value: compact(u128) },
    weight: () => TRANSFER_WEIGHT,
    dispatch(ctx, origin, { source, dest, value }) {
      ensureRoot(origin);
      transfer(ctx, ledger, { from: lookup(source), to: lookup(dest), amount: value, keepAlive: false });
    },
  });
