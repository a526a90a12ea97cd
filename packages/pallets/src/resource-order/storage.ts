import { AccountId, agenda, blake2_128Concat, palletStorage, TaskKey, twox64Concat } from '@hamster/frame';
import { u64, unit } from '@hamster/scale';

import { PUBLIC_PARAMETERS } from './parameters.ts';
import { Lease, Order, Parameters as ParametersType, Task } from './types.ts';

const { value, map, doubleMap } = palletStorage('ResourceOrder');

export const Parameters = value('Parameters', {
  type: ParametersType,
  default: PUBLIC_PARAMETERS,
  docs: ['The numbers of the rules; root may change them.'],
});

export const NextOrderId = value('NextOrderId', {
  type: u64,
  default: 1n,
  docs: ['The id of the next order. Ids are never used again.'],
});

export const Orders = map('Orders', {
  key: twox64Concat(u64),
  type: Order,
  docs: ['Orders; those that are over stay for a while.'],
});

export const Leases = map('Leases', {
  key: twox64Concat(u64),
  type: Lease,
  docs: ['Leases, under the id of their order; those that have ended stay for a while.'],
});

export const OrdersOfRenter = doubleMap('OrdersOfRenter', {
  keys: [blake2_128Concat(AccountId), twox64Concat(u64)],
  type: unit,
  docs: ['Index of the orders and leases of a renter.'],
});

export const OrdersOfProvider = doubleMap('OrdersOfProvider', {
  keys: [blake2_128Concat(AccountId), twox64Concat(u64)],
  type: unit,
  docs: ['Index of the orders and leases of a provider.'],
});

export const Timeouts = map('Timeouts', {
  key: twox64Concat(u64),
  type: TaskKey,
  docs: ['The appointment at which a pending order expires.'],
});

export const Looks = map('Looks', {
  key: twox64Concat(u64),
  type: TaskKey,
  docs: ['The appointment at which a running lease is looked at again.'],
});

export const Agenda = agenda('ResourceOrder', Task);

/** Closed orders and leases, to be forgotten one day: apart, so that however many they are, nothing with money in it is late. */
export const Closing = agenda('ResourceOrder', u64, 'Closing');
