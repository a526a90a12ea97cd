import {
  type Agenda as AgendaOf,
  type Context,
  isolated,
  type PalletHooks,
  type Weight,
  type WeightMeter,
  weightOf,
} from '@hamster/frame';

import { isRunning } from './access.ts';
import type { ResourceOrderConfig } from './config.ts';
import { events } from './events.ts';
import { advanceLease } from './lease/advance.ts';
import { scheduleLook } from './lease/clock.ts';
import { closeOrder, scheduleTimeout } from './order/close.ts';
import {
  Agenda,
  Closing,
  Leases,
  Looks,
  Orders,
  OrdersOfProvider,
  OrdersOfRenter,
  Parameters,
} from './storage.ts';
import type { Task } from './types.ts';

const TASK_WEIGHT = weightOf(400, 40);
const FORGET_WEIGHT = weightOf(270, 8);

const expireOrder = (ctx: Context, config: ResourceOrderConfig, id: bigint): void => {
  const order = Orders.get(ctx, id);
  if (order?.status.type !== 'Pending') return;
  closeOrder(ctx, config, id, order, { type: 'Expired' });
  ctx.deposit(events.OrderExpired({ order: id }));
};

const checkLease = (ctx: Context, config: ResourceOrderConfig, id: bigint): void => {
  const lease = Leases.get(ctx, id);
  Looks.remove(ctx, id);
  if (!lease) return;
  const advanced = advanceLease(ctx, config, id, lease);
  if (isRunning(advanced.status)) scheduleLook(ctx, config, id, advanced);
};

const forget = (ctx: Context, id: bigint): void => {
  const order = Orders.get(ctx, id);
  if (!order) return;
  OrdersOfRenter.remove(ctx, order.renter, id);
  OrdersOfProvider.remove(ctx, order.provider, id);
  Orders.remove(ctx, id);
  Leases.remove(ctx, id);
};

const perform = (ctx: Context, config: ResourceOrderConfig, task: Task): void => {
  switch (task.type) {
    case 'ExpireOrder':
      return expireOrder(ctx, config, task.value);
    case 'CheckLease':
      return checkLease(ctx, config, task.value);
    // Rules before 6 made these; they are in `Closing` since.
    case 'Forget':
      return forget(ctx, task.value);
  }
};

/** A task that fails is undone and comes back later: an end may be late, but is never lost. */
const performOrRetry = (ctx: Context, config: ResourceOrderConfig, task: Task): void => {
  const outcome = isolated(ctx, 'ResourceOrder.task', () => perform(ctx, config, task));
  if (outcome.ok) return;
  ctx.report({ where: `ResourceOrder.${task.type} of ${task.value}`, error: outcome.failure });
  const later = ctx.now + Parameters.get(ctx).order_timeout;
  if (task.type === 'ExpireOrder') scheduleTimeout(ctx, task.value, later);
  else if (task.type === 'CheckLease') Looks.put(ctx, task.value, Agenda.schedule(ctx, later, task));
  else Agenda.schedule(ctx, later, task);
};

interface Share<T> {
  readonly agenda: AgendaOf<T>;
  /** Of one task. */
  readonly weight: Weight;
  readonly run: (task: T) => void;
}

/** Does what is due, the earliest first, until the block's share of work is used up. */
function* doWhatIsDue<T>(
  ctx: Context,
  meter: WeightMeter,
  { agenda, weight, run }: Share<T>,
): Generator<void> {
  if (!agenda.hasDue(ctx)) return;
  const most = Parameters.get(ctx).due_per_block;
  for (let done = 0; done < most && meter.tryConsume(weight); done += 1) {
    if (agenda.runDue(ctx, 1, run) === 0) return;
    yield;
  }
}

export const hooks = (config: ResourceOrderConfig): PalletHooks => ({
  *onPoll(ctx, meter) {
    const run = (task: Task): void => performOrRetry(ctx, config, task);
    yield* doWhatIsDue(ctx, meter, { agenda: Agenda, weight: TASK_WEIGHT, run });
    yield* doWhatIsDue(ctx, meter, { agenda: Closing, weight: FORGET_WEIGHT, run: (id) => forget(ctx, id) });
  },
});
