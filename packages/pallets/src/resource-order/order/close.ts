import { type Context, minOf } from '@hamster/frame';

import { pausesOf, silenceAt } from '../../primitives/silence.ts';
import type { Outcome, ResourceOrderConfig } from '../config.ts';
import { Agenda, Closing, Orders, Parameters, Timeouts } from '../storage.ts';
import type { Order, OrderStatus } from '../types.ts';

export const scheduleTimeout = (ctx: Context, id: bigint, expiresAt: bigint): void =>
  Timeouts.put(ctx, id, Agenda.schedule(ctx, expiresAt, { type: 'ExpireOrder', value: id }));

/** The order has its answer: the agenda needn't look at it again. */
export const cancelTimeout = (ctx: Context, id: bigint): void => {
  const timeout = Timeouts.get(ctx, id);
  if (timeout) Agenda.cancel(ctx, timeout);
  Timeouts.remove(ctx, id);
};

/** In times in which a provider may answer: a day on a public network. */
const REMEMBERED = 144n;

/**
 * How long an order stays readable that became no lease: as nobody has paid for more than two transactions, not as long as
 * a lease. Otherwise what is ordered and cancelled would fill the state for a month.
 */
const remembered = (ctx: Context): bigint => {
  const { retention, order_timeout } = Parameters.get(ctx);
  return minOf(retention, REMEMBERED * order_timeout);
};

/** A provider that had no block to answer in has missed nothing. */
const outcomeOf = (
  ctx: Context,
  { standstills }: ResourceOrderConfig,
  { created_at, expires_at }: Order,
  status: OrderStatus,
): Outcome => {
  const time = silenceAt(created_at, expires_at, pausesOf(standstills(ctx)));
  const isMissed = status.type === 'Expired' && time === expires_at - created_at;
  return { type: isMissed ? 'Missed' : 'Withdrawn' };
};

/** Ends a pending order that becomes no lease: the escrow goes back, the capacity is free again. */
export const closeOrder = (
  ctx: Context,
  config: ResourceOrderConfig,
  id: bigint,
  order: Order,
  status: OrderStatus,
): void => {
  const { currency, market } = config;
  if (order.escrow > 0n) currency.release(ctx, 'LeaseEscrow', order.renter, order.escrow);
  market.returnSlice(ctx, order.resource, id, outcomeOf(ctx, config, order, status));
  cancelTimeout(ctx, id);
  Orders.put(ctx, id, { ...order, status });
  Closing.schedule(ctx, ctx.now + remembered(ctx), id);
};

/** Whether the order still waits for an answer. Its time may be over before the agenda has said so. */
export const isOpenOrder = (order: Order, now: bigint): boolean =>
  order.status.type === 'Pending' && now < order.expires_at;
