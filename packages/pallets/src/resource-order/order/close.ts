import type { Context } from '@hamster/frame';

import type { ResourceOrderConfig } from '../config.ts';
import { Agenda, Orders, Parameters } from '../storage.ts';
import type { Order, OrderStatus } from '../types.ts';

/** Ends a pending order that becomes no lease: the escrow goes back, the capacity is free again. */
export const closeOrder = (
  ctx: Context,
  { currency, market }: ResourceOrderConfig,
  id: bigint,
  order: Order,
  status: OrderStatus,
): void => {
  const outcome = status.type === 'Expired' ? 'Missed' : 'Withdrawn';
  if (order.escrow > 0n) currency.release(ctx, 'LeaseEscrow', order.renter, order.escrow);
  market.returnSlice(ctx, order.resource, id, { type: outcome });
  Orders.put(ctx, id, { ...order, status });
  Agenda.schedule(ctx, ctx.now + Parameters.get(ctx).retention, { type: 'Forget', value: id });
};

/** Whether the order still waits for an answer. Its time may be over before the agenda has said so. */
export const isOpenOrder = (order: Order, now: bigint): boolean =>
  order.status.type === 'Pending' && now < order.expires_at;
