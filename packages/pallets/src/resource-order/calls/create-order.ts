import { checkedAdd, defineCall, ensureSigned, U64_MAX, weightOf } from '@hamster/frame';
import { bytes, compact, u128, u32, u64 } from '@hamster/scale';

import { MachineSpec } from '../../primitives/machine.ts';
import type { ResourceOrderConfig } from '../config.ts';
import { events } from '../events.ts';
import { checkOrder } from '../order/check.ts';
import { scheduleTimeout } from '../order/close.ts';
import { NextOrderId, Orders, OrdersOfProvider, OrdersOfRenter } from '../storage.ts';

/**
 * 1.3 ms of its own, and as much again for what nobody pays for later: its expiry. A block full of orders has no more of them than
 * a block's hooks can expire (`hooks.ts`), so that orders that nobody answers make nothing else late.
 */
const CREATE_WEIGHT = weightOf(1_950, 60);

export const createOrder = (config: ResourceOrderConfig) =>
  defineCall({
    index: 0,
    docs: [
      'Order a slice of a machine for a number of hours.',
      '',
      'The whole rent, price × hours, is reserved on your account now and flows to the provider as the machine proves',
      'to run. The price is fixed for the lease; the call fails where it is over `max_price_per_hour`. The provider',
      'has some minutes to accept: otherwise, or when you cancel before, everything is free again.',
      '`ssh_public_key` is one line as in authorized_keys, without options: it opens the machine to you.',
    ],
    args: {
      resource: u64,
      spec: MachineSpec,
      hours: u32,
      image: bytes,
      ssh_public_key: bytes,
      max_price_per_hour: compact(u128),
    },
    weight: () => CREATE_WEIGHT,
    dispatch(ctx, origin, request) {
      const renter = ensureSigned(origin);
      const { offer, pricePerHour, escrow, expiresAt, until } = checkOrder(ctx, config, renter, request);
      const provider = offer.owner;
      const order = NextOrderId.get(ctx);
      const { resource, spec, hours, image, ssh_public_key } = request;
      NextOrderId.put(ctx, checkedAdd(order, 1n, U64_MAX));
      if (escrow > 0n) config.currency.hold(ctx, 'LeaseEscrow', renter, escrow);
      config.market.takeSlice(ctx, resource, { order, spec, until });
      Orders.put(ctx, order, {
        ...{ renter, provider, resource, spec, hours, image, ssh_public_key, escrow },
        price_per_hour: pricePerHour,
        created_at: ctx.now,
        expires_at: expiresAt,
        status: { type: 'Pending' },
      });
      OrdersOfRenter.put(ctx, renter, order, undefined);
      OrdersOfProvider.put(ctx, provider, order, undefined);
      scheduleTimeout(ctx, order, expiresAt);
      ctx.deposit(events.OrderCreated({ order, renter, provider, resource, escrow }));
    },
  });
