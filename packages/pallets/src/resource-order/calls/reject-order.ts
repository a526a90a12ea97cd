import { bytesEqual, defineCall, ensure, ensureSigned, weightOf } from '@hamster/frame';
import { bytes, u64 } from '@hamster/scale';

import { ensurePlainText } from '../../primitives/checks.ts';
import { orderAt } from '../access.ts';
import type { ResourceOrderConfig } from '../config.ts';
import { errors } from '../errors.ts';
import { events } from '../events.ts';
import { closeOrder, isOpenOrder } from '../order/close.ts';
import { MAX_REASON } from '../types.ts';

export const rejectOrder = (config: ResourceOrderConfig) =>
  defineCall({
    index: 2,
    docs: ['Refuse an order and say why. The renter gets everything back; your statistics stay as they are.'],
    args: { order: u64, reason: bytes },
    weight: () => weightOf(500, 20),
    dispatch(ctx, origin, { order: id, reason }) {
      const who = ensureSigned(origin);
      const order = orderAt(ctx, id);
      ensure(bytesEqual(order.provider, who), errors.NotProvider);
      ensure(isOpenOrder(order, ctx.now), errors.OrderNotPending);
      ensurePlainText(reason, MAX_REASON, errors);
      closeOrder(ctx, config, id, order, { type: 'Rejected', value: { reason } });
      ctx.deposit(events.OrderRejected({ order: id, reason }));
    },
  });
