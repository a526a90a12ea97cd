import { defineCall, ensureSigned, MultiAddress } from '@hamster/frame';
import { bool } from '@hamster/scale';
import type { Ledger } from '../ledger.ts';
import { lookup } from '../lookup.ts';
import { transfer, TRANSFER_WEIGHT } from '../transfers.ts';

export const transferAll = (ledger: Ledger) =>
  defineCall({
    index: 4,
    docs: ['Transfer the entire transferable balance from the caller account. Held money stays.'],
    args: { dest: MultiAddress, keep_alive: bool },
    weight: () => TRANSFER_WEIGHT,
    dispatch(ctx, origin, { dest, keep_alive: keepAlive }) {
      const from = ensureSigned(origin);
      const { free, reserved } = ledger.read(ctx, from);
      const mustLive = keepAlive || reserved > 0n;
      const amount = mustLive ? ledger.spendable(ctx, from) : free;
      transfer(ctx, ledger, { from, to: lookup(dest), amount, keepAlive: mustLive });
    },
  });
