import { bytesEqual, defineCall, ensure, ensureSigned, weightOf } from '@hamster/frame';
import { u64 } from '@hamster/scale';

import { orderAt } from '../access.ts';
import type { ResourceOrderConfig } from '../config.ts';
import { errors } from '../errors.ts';
import { events } from '../events.ts';
import { closeOrder, isOpenOrder } from '../order/close.ts';

export const cancelOrder = (config: ResourceOrderConfig) =>
  defineCall({
    index: 3,
    docs: ['Withdraw your order before it is accepted. You get everything back.'],
    args: { order: u64 },
    weight: () => weightOf(450, 20),
    dispatch(ctx, origin, { order: id }) {
      const who = ensureSigned(origin);
      const order = orderAt(ctx, id);
      ensure(bytesEqual(order.renter, who), errors.NotRenter);
      ensure(isOpenOrder(order, ctx.now), errors.OrderNotPending);
      closeOrder(ctx, config, id, order, { type: 'Cancelled' });
      ctx.deposit(events.OrderCancelled({ order: id }));
    },
  });
