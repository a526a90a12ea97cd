import { definePallet } from '@hamster/frame';

import { acceptOrder } from './calls/accept-order.ts';
import { cancelOrder } from './calls/cancel-order.ts';
import { createOrder } from './calls/create-order.ts';
import { extendLease } from './calls/extend-lease.ts';
import { heartbeat } from './calls/heartbeat.ts';
import { rejectOrder } from './calls/reject-order.ts';
import { setParameters } from './calls/set-parameters.ts';
import { settleLease } from './calls/settle.ts';
import { terminateLease } from './calls/terminate-lease.ts';
import type { ResourceOrderConfig } from './config.ts';
import { errors } from './errors.ts';
import { events } from './events.ts';
import { genesis } from './genesis.ts';
import { hooks } from './hooks.ts';
import { pricesAhead } from './migrations/v1.ts';
import {
  Agenda,
  Closing,
  Leases,
  Looks,
  NextOrderId,
  Orders,
  OrdersOfProvider,
  OrdersOfRenter,
  Parameters,
  Timeouts,
} from './storage.ts';
import { tryState } from './try-state.ts';

export type * from './config.ts';
export { errors as resourceOrderErrors } from './errors.ts';
export { Quote } from './order/quote.ts';
export * from './parameters.ts';
export { resourceOrderReads } from './reads.ts';
export { disputeServices } from './services.ts';
export { Lease, Order } from './types.ts';

/** Orders, leases, and the escrow of each lease. */
export const resourceOrderPallet = (config: ResourceOrderConfig) =>
  definePallet({
    name: 'ResourceOrder',
    index: 11,
    docs: ['Orders and leases of slices of machines, and the money in between.'],
    storage: [
      Parameters,
      NextOrderId,
      Orders,
      Leases,
      OrdersOfRenter,
      OrdersOfProvider,
      Timeouts,
      Looks,
      ...Agenda.storage,
      ...Closing.storage,
    ],
    calls: {
      create_order: createOrder(config),
      accept_order: acceptOrder(config),
      reject_order: rejectOrder(config),
      cancel_order: cancelOrder(config),
      heartbeat: heartbeat(config),
      settle: settleLease(config),
      terminate_lease: terminateLease(config),
      extend_lease: extendLease(config),
      set_parameters: setParameters,
    },
    events,
    errors,
    holdReasons: ['LeaseEscrow'],
    genesis,
    hooks: hooks(config),
    storageVersion: 1,
    migrations: [pricesAhead],
    tryState: tryState(config),
  });
