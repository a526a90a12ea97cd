import { type AccountId, type Context, ensureInvariant } from '@hamster/frame';

import type { GatewayConfig } from './config.ts';
import { Agenda, Gateways, Unbonding } from './storage.ts';

const checkStake = (ctx: Context, { currency }: GatewayConfig, who: AccountId): void => {
  const explained = (Gateways.get(ctx, who)?.stake ?? 0n) + (Unbonding.get(ctx, who)?.amount ?? 0n);
  const held = currency.held(ctx, 'GatewayStake', who);
  ensureInvariant(held === explained, `${held} is held as gateway stake, but entries explain ${explained}`);
};

/** Stake held = stake of the gateway + what unbonds; a gateway that is online is looked at, once. */
export const tryState =
  (config: GatewayConfig) =>
  (ctx: Context): void => {
    const checks = [...Agenda.entries(ctx)].map(([, task]) => task.value.join());
    for (const [who, { status, stake }] of Gateways.entries(ctx)) {
      checkStake(ctx, config, who);
      const count = checks.filter((checked) => checked === who.join()).length;
      ensureInvariant(
        status.type !== 'Online' || count === 1,
        `a gateway has ${count} checks instead of one`,
      );
      ensureInvariant(status.type !== 'Offline' || stake === 0n, 'a gateway that is offline has stake');
    }
    for (const [who] of Unbonding.entries(ctx)) checkStake(ctx, config, who);
  };
