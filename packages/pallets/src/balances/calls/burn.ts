import { defineCall, ensureSigned } from '@hamster/frame';
import { bool, compact, u128 } from '@hamster/scale';
import type { Ledger } from '../ledger.ts';

export const burn = (ledger: Ledger) =>
  defineCall({
    index: 10,
    docs: [
      'Burn the specified liquid free balance from the origin account: nobody has it any more, and less is issued.',
      '',
      'What would leave less than the existential deposit takes the account with it, or fails where it has to live on:',
      'with `keep_alive`, and while it has money on hold.',
    ],
    args: { value: compact(u128), keep_alive: bool },
    dispatch(ctx, origin, { value, keep_alive: keepAlive }) {
      const who = ensureSigned(origin);
      ledger.take(ctx, who, value, keepAlive);
      ledger.destroy(ctx, value);
      ctx.deposit(ledger.events.Burned({ who, amount: value }));
    },
  });
