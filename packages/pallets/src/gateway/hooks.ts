import {
  type AccountId,
  type Context,
  isolated,
  type PalletHooks,
  type WeightMeter,
  weightOf,
} from '@hamster/frame';

import { permillOf } from '../primitives/permill.ts';
import { cancelCheck, scheduleCheck } from './access.ts';
import type { GatewayConfig } from './config.ts';
import { events } from './events.ts';
import { Agenda, Gateways, Parameters } from './storage.ts';
import type { GatewayInfo, Task } from './types.ts';

const TASK_WEIGHT = weightOf(100, 8);

const drop = (
  ctx: Context,
  { currency, treasury }: GatewayConfig,
  who: AccountId,
  found: GatewayInfo,
): void => {
  const slashed = permillOf(Parameters.get(ctx).slash, found.stake);
  if (slashed > 0n) currency.transferHeld(ctx, 'GatewayStake', who, treasury, slashed);
  cancelCheck(ctx, who);
  Gateways.put(ctx, who, { ...found, stake: found.stake - slashed, status: { type: 'Dropped' } });
  ctx.deposit(events.Dropped({ gateway: who, slashed }));
};

const checkGateway = (ctx: Context, config: GatewayConfig, who: AccountId): void => {
  const found = Gateways.get(ctx, who);
  if (!found) return;
  if (found.last_heartbeat + Parameters.get(ctx).drop_after <= ctx.now) drop(ctx, config, who, found);
  else scheduleCheck(ctx, who, found.last_heartbeat);
};

/** A check that fails is undone and comes back later. */
const checkOrRetry = (ctx: Context, config: GatewayConfig, task: Task): void => {
  const outcome = isolated(ctx, 'Gateway.task', () => checkGateway(ctx, config, task.value));
  if (outcome.ok) return;
  ctx.report({ where: 'Gateway.CheckGateway', error: outcome.failure });
  scheduleCheck(ctx, task.value, ctx.now);
};

const doWhatIsDue = (ctx: Context, config: GatewayConfig, meter: WeightMeter): void => {
  const most = Parameters.get(ctx).due_per_block;
  for (let done = 0; done < most && meter.tryConsume(TASK_WEIGHT); done += 1) {
    if (Agenda.runDue(ctx, 1, (task) => checkOrRetry(ctx, config, task)) === 0) return;
  }
};

export const hooks = (config: GatewayConfig): PalletHooks => ({
  onPoll: (ctx, meter) => doWhatIsDue(ctx, config, meter),
});
