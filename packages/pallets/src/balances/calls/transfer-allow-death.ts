import { defineCall, ensureSigned, MultiAddress } from '@hamster/frame';
import { compact, u128 } from '@hamster/scale';
import type { Ledger } from '../ledger.ts';
import { lookup } from '../lookup.ts';
import { transfer, TRANSFER_WEIGHT } from '../transfers.ts';

export const transferAllowDeath = (ledger: Ledger) =>
  defineCall({
    index: 0,
    docs: ['Transfer some liquid free balance to another account. May reap the sender.'],
    args: { dest: MultiAddress, value: compact(u128) },
    weight: () => TRANSFER_WEIGHT,
    dispatch(ctx, origin, { dest, value }) {
      const from = ensureSigned(origin);
      transfer(ctx, ledger, { from, to: lookup(dest), amount: value, keepAlive: false });
    },
  });
