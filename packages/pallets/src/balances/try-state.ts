import { ss58Encode } from '@hamster/crypto';
import { type Context, ensureInvariant } from '@hamster/frame';
import type { BalancesConfig } from './config.ts';
import type { Ledger } from './ledger.ts';
import { TotalIssuance } from './storage.ts';

/** Holds are of accounts that have the money, each reason once; a reason without money has no entry. */
const checkHolds = (ctx: Context, { accounts }: BalancesConfig, { holds }: Ledger): void => {
  for (const [who, list] of holds.entries(ctx)) {
    const total = list.reduce((sum, { amount }) => sum + amount, 0n);
    const { reserved } = accounts.read(ctx, who);
    ensureInvariant(total === reserved, `${ss58Encode(who)} has ${total} on hold of ${reserved} reserved`);
    const isDistinct = new Set(list.map(({ id }) => id)).size === list.length;
    const isSome = list.length > 0 && list.every(({ amount }) => amount > 0n);
    ensureInvariant(isDistinct && isSome, `${ss58Encode(who)} has a hold twice, or one of nothing`);
  }
};

/** Total issuance = Σ free + Σ reserved; reserved = Σ holds; whoever has anything held has the existential deposit too. */
export const checkBalances = (ctx: Context, config: BalancesConfig, ledger: Ledger): void => {
  checkHolds(ctx, config, ledger);
  let sum = 0n;
  for (const [who, { free, reserved }] of config.accounts.entries(ctx)) {
    const holds = ledger.holds.get(ctx, who).reduce((total, hold) => total + hold.amount, 0n);
    ensureInvariant(holds === reserved, `${ss58Encode(who)} has ${reserved} reserved, but ${holds} on hold`);
    ensureInvariant(free >= config.existentialDeposit, `${ss58Encode(who)} lives on ${free} only`);
    sum += free + reserved;
  }
  const total = TotalIssuance.get(ctx);
  ensureInvariant(total === sum, `The total issuance is ${total}, but the accounts have ${sum}`);
};
