import type { Context, GenesisReader } from '@hamster/frame';
import { isBalance } from '../primitives/arithmetic.ts';
import type { Ledger } from './ledger.ts';
import { TotalIssuance } from './storage.ts';

const amountFor = ({ existentialDeposit }: Ledger): string =>
  `at least the existential deposit, ${existentialDeposit}, and no more than a u128 holds of all accounts together`;

const endow = (ctx: Context, ledger: Ledger, entry: GenesisReader): void => {
  const [account, amount] = entry.pair('account', 'amount');
  const who = account.account();
  const free = amount.bigint();
  if (ledger.read(ctx, who).free > 0n) throw account.expected('an account that has no balance yet');
  if (free < ledger.existentialDeposit || !isBalance(TotalIssuance.get(ctx) + free)) {
    throw amount.expected(amountFor(ledger));
  }
  ledger.give(ctx, who, free);
  TotalIssuance.update(ctx, (total) => total + free);
};

/** `{ balances: [[address, planck], …] }`, each address once. */
export const endowAll = (ctx: Context, ledger: Ledger, config: GenesisReader): void => {
  for (const entry of config.only('balances').field('balances').list()) endow(ctx, ledger, entry);
};
