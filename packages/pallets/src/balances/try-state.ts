import { ss58Encode } from '@hamster/crypto';
import { type Context, ensureInvariant } from '@hamster/frame';
import type { BalancesConfig } from './config.ts';
import type { Ledger } from './ledger.ts';
import { TotalIssuance } from './storage.ts';

/** Total issuance = Σ free + Σ reserved; reserved = Σ holds; whoever has anything held has the existential deposit too. */
export const checkBalances = (ctx: Context, config: BalancesConfig, ledger: Ledger): void => {
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
