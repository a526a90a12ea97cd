import { type AccountId, type Context, ensure, orFail } from '@hamster/frame';

import { pausesOf, silenceAt, silenceReaches } from '../primitives/silence.ts';
import type { GatewayConfig } from './config.ts';
import { errors } from './errors.ts';
import { Agenda, Checks, Gateways, Parameters, Unbonding } from './storage.ts';
import type { GatewayInfo } from './types.ts';

/** @throws DispatchFailure NotRegistered */
export const gatewayOf = (ctx: Context, who: AccountId): GatewayInfo =>
  orFail(Gateways.get(ctx, who), errors.NotRegistered);

type Clock = Pick<GatewayConfig, 'standstills'>;

/** Milliseconds since the last sign of life in which the chain made blocks. */
export const silenceOf = (ctx: Context, { standstills }: Clock, { last_heartbeat }: GatewayInfo): bigint =>
  silenceAt(last_heartbeat, ctx.now, pausesOf(standstills(ctx)));

/** Online, and not silent for so long that its drop is due, whether or not the agenda has come to it. */
export const isAlive = (ctx: Context, clock: Clock, gateway: GatewayInfo): boolean =>
  gateway.status.type === 'Online' && silenceOf(ctx, clock, gateway) < Parameters.get(ctx).drop_after;

/** Whether the chain waits for a sign of life: the one before is half an interval ago, and there is something to lose. */
export const isHeartbeatDue = (ctx: Context, clock: Clock, who: AccountId): boolean => {
  const gateway = Gateways.get(ctx, who);
  if (!gateway || !isAlive(ctx, clock, gateway)) return false;
  return 2n * silenceOf(ctx, clock, gateway) >= Parameters.get(ctx).heartbeat_interval;
};

/** Whether it was not dropped lately. */
export const hasCooledDown = (ctx: Context, { dropped_at }: GatewayInfo): boolean =>
  dropped_at === undefined || ctx.now >= dropped_at + Parameters.get(ctx).cool_down;

/** @throws DispatchFailure CoolingDown for a gateway that was dropped lately */
export const ensureCooledDown = (ctx: Context, gateway: GatewayInfo): void =>
  ensure(hasCooledDown(ctx, gateway), errors.CoolingDown);

/** Moves stake to unbonding. All that unbonds of one account becomes free together, when the latest part does. */
export const startUnbonding = (ctx: Context, who: AccountId, stake: bigint): void => {
  if (stake === 0n) return;
  const amount = stake + (Unbonding.get(ctx, who)?.amount ?? 0n);
  Unbonding.put(ctx, who, { amount, unlock_at: ctx.now + Parameters.get(ctx).unbonding });
};

/** Makes the appointment at which the gateway's silence is looked at; there is never more than one. */
export const scheduleCheck = (
  ctx: Context,
  { standstills }: Clock,
  who: AccountId,
  lastHeartbeat: bigint,
): void => {
  cancelCheck(ctx, who);
  const due = silenceReaches(lastHeartbeat, Parameters.get(ctx).drop_after, pausesOf(standstills(ctx)));
  Checks.put(ctx, who, Agenda.schedule(ctx, due, { type: 'CheckGateway', value: who }));
};

export const cancelCheck = (ctx: Context, who: AccountId): void => {
  const check = Checks.get(ctx, who);
  if (check) Agenda.cancel(ctx, check);
  Checks.remove(ctx, who);
};

/** Marks the gateway as alive now. */
export const putOnline = (ctx: Context, clock: Clock, who: AccountId, gateway: GatewayInfo): void => {
  Gateways.put(ctx, who, {
    ...gateway,
    last_heartbeat: ctx.now,
    status: { type: 'Online' },
    dropped_at: undefined,
  });
  scheduleCheck(ctx, clock, who, ctx.now);
};
