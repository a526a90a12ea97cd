import { type Context, type PalletHooks, weightOf } from '@hamster/frame';

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

/** A task that fails comes back later: an end may be late, but is never lost. */
const retry = (ctx: Context, task: Task): void => {
  const later = ctx.now + Parameters.get(ctx).order_timeout;
  if (task.type === 'ExpireOrder') scheduleTimeout(ctx, task.value, later);
  else if (task.type === 'CheckLease') Looks.put(ctx, task.value, Agenda.schedule(ctx, later, task));
  else Agenda.schedule(ctx, later, task);
};

export const hooks = (config: ResourceOrderConfig): PalletHooks => ({
  *onPoll(ctx, meter) {
    const most = Parameters.get(ctx).due_per_block;
    yield* Agenda.runDue(ctx, meter, {
      weight: TASK_WEIGHT,
      most,
      nameOf: ({ type, value }) => `${type} of ${value}`,
      run: (task) => perform(ctx, config, task),
      retry: (task) => retry(ctx, task),
    });
    yield* Closing.runDue(ctx, meter, {
      weight: FORGET_WEIGHT,
      most,
      nameOf: (id) => `Forget of ${id}`,
      run: (id) => forget(ctx, id),
    });
  },
});
