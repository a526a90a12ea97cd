import { type AccountId, type Context, orFail } from '@hamster/frame';

import { errors } from './errors.ts';
import { Agenda, Checks, Gateways, Parameters, Unbonding } from './storage.ts';
import type { GatewayInfo } from './types.ts';

/** @throws DispatchFailure NotRegistered */
export const gatewayOf = (ctx: Context, who: AccountId): GatewayInfo =>
  orFail(Gateways.get(ctx, who), errors.NotRegistered);

/** Moves stake to unbonding. All that unbonds of one account becomes free together, when the latest part does. */
export const startUnbonding = (ctx: Context, who: AccountId, stake: bigint): void => {
  if (stake === 0n) return;
  const amount = stake + (Unbonding.get(ctx, who)?.amount ?? 0n);
  Unbonding.put(ctx, who, { amount, unlock_at: ctx.now + Parameters.get(ctx).unbonding });
};

/** Makes the appointment at which the gateway's silence is looked at; there is never more than one. */
export const scheduleCheck = (ctx: Context, who: AccountId, lastHeartbeat: bigint): void => {
  cancelCheck(ctx, who);
  const due = lastHeartbeat + Parameters.get(ctx).drop_after;
  Checks.put(ctx, who, Agenda.schedule(ctx, due, { type: 'CheckGateway', value: who }));
};

export const cancelCheck = (ctx: Context, who: AccountId): void => {
  const check = Checks.get(ctx, who);
  if (check) Agenda.cancel(ctx, check);
  Checks.remove(ctx, who);
};

/** Marks the gateway as alive now. */
export const putOnline = (ctx: Context, who: AccountId, gateway: GatewayInfo): void => {
  Gateways.put(ctx, who, { ...gateway, last_heartbeat: ctx.now, status: { type: 'Online' } });
  scheduleCheck(ctx, who, ctx.now);
};
