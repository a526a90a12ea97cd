import { type AccountId, type Context, type PalletHooks, weightOf } from '@hamster/frame';

import { permillOf } from '../primitives/permill.ts';
import { cancelCheck, isAlive, scheduleCheck } from './access.ts';
import type { GatewayConfig } from './config.ts';
import { events } from './events.ts';
import { CLEARED_AT_ONCE, clearEra, endEra, isEraOver } from './rewards.ts';
import { Agenda, Gateways, Parameters } from './storage.ts';
import type { GatewayInfo, Task } from './types.ts';

const TASK_WEIGHT = weightOf(450, 8 + CLEARED_AT_ONCE);
const ERA_WEIGHT = weightOf(200, 24);

const drop = (
  ctx: Context,
  { currency, treasury }: GatewayConfig,
  who: AccountId,
  found: GatewayInfo,
): void => {
  const slashed = permillOf(Parameters.get(ctx).slash, found.stake);
  if (slashed > 0n) currency.transferHeld(ctx, 'GatewayStake', who, treasury, slashed);
  cancelCheck(ctx, who);
  Gateways.put(ctx, who, {
    ...found,
    stake: found.stake - slashed,
    status: { type: 'Dropped' },
    dropped_at: ctx.now,
  });
  ctx.deposit(events.Dropped({ gateway: who, slashed }));
};

const checkGateway = (ctx: Context, config: GatewayConfig, who: AccountId): void => {
  const found = Gateways.get(ctx, who);
  if (found?.status.type !== 'Online') return;
  if (!isAlive(ctx, config, found)) drop(ctx, config, who, found);
  else scheduleCheck(ctx, config, who, found.last_heartbeat);
};

const perform = (ctx: Context, config: GatewayConfig, task: Task): void => {
  if (task.type === 'ClearEra') clearEra(ctx, task.value);
  else checkGateway(ctx, config, task.value);
};

/** A task that fails comes back later. */
const retry = (ctx: Context, config: GatewayConfig, task: Task): void => {
  if (task.type === 'CheckGateway') scheduleCheck(ctx, config, task.value, ctx.now);
  else Agenda.schedule(ctx, ctx.now + Parameters.get(ctx).drop_after, task);
};

export const hooks = (config: GatewayConfig): PalletHooks => ({
  *onPoll(ctx, meter) {
    if (isEraOver(ctx) && meter.tryConsume(ERA_WEIGHT)) endEra(ctx, config);
    yield* Agenda.runDue(ctx, meter, {
      weight: TASK_WEIGHT,
      most: Parameters.get(ctx).due_per_block,
      nameOf: ({ type }) => type,
      run: (task) => perform(ctx, config, task),
      retry: (task) => retry(ctx, config, task),
    });
  },
});
