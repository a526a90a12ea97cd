import {
  bytesEqual,
  cannotLookup,
  defineCall,
  ensure,
  ensureRoot,
  MultiAddress,
  weightOf,
} from '@hamster/frame';
import { compact, u128 } from '@hamster/scale';

import type { TreasuryConfig } from './config.ts';
import { errors } from './errors.ts';
import { events } from './events.ts';

export const spend = ({ currency, account }: TreasuryConfig) =>
  defineCall({
    index: 0,
    docs: ['Pay somebody from the treasury. Root only.'],
    args: { beneficiary: MultiAddress, amount: compact(u128) },
    weight: () => weightOf(80, 4),
    dispatch(ctx, origin, { beneficiary: address, amount }) {
      ensureRoot(origin);
      if (address.type !== 'Id') throw cannotLookup();
      const beneficiary = address.value;
      ensure(amount > 0n, errors.ZeroAmount);
      ensure(!bytesEqual(beneficiary, account), errors.OwnAccount);
      ensure(currency.spendable(ctx, account) >= amount, errors.InsufficientFunds);
      currency.transfer(ctx, account, beneficiary, amount);
      ctx.deposit(events.Spent({ beneficiary, amount }));
    },
  });
