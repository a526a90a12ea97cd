import { type Context, checkedAdd, GenesisError, type GenesisReader } from '@hamster/frame';
import type { Ledger } from './ledger.ts';
import { TotalIssuance } from './storage.ts';

const endow = (ctx: Context, ledger: Ledger, entry: GenesisReader): void => {
  const [account, amount] = entry.list();
  if (!account || !amount)
    throw new GenesisError('balances.balances', 'a list of [account, amount]', undefined);
  const who = account.account();
  const free = amount.bigint();
  ledger.give(ctx, who, free);
  TotalIssuance.update(ctx, (total) => checkedAdd(total, free));
};

/** `{ balances: [[address, planck], …] }`. */
export const endowAll = (ctx: Context, ledger: Ledger, config: GenesisReader): void => {
  for (const entry of config.field('balances').list()) endow(ctx, ledger, entry);
};
