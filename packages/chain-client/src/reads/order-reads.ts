import type { Reading } from '../connection/reading.ts';
import { leaseFields, orderFields } from '../model/resource-order.ts';
import type { Lease, Order } from '../model/resource-order.ts';
import type { Patience } from '../signals.ts';
import { idsOf, many, one } from './read-store.ts';
import type { MapOf } from './read-store.ts';

export const ORDERS: MapOf<Omit<Order, 'id'>> = {
  pallet: 'resourceOrder',
  item: 'orders',
  read: orderFields,
};
export const LEASES: MapOf<Omit<Lease, 'id'>> = {
  pallet: 'resourceOrder',
  item: 'leases',
  read: leaseFields,
};

/** Reads of orders and leases. What is closed stays readable for the chain's retention time. */
export function orderReads(reading: Reading) {
  const byAccount =
    <T>(map: MapOf<T>, index: 'ordersOfRenter' | 'ordersOfProvider') =>
    async (account: string, patience: Patience = {}): Promise<(T & { readonly id: number })[]> => {
      const ids = await idsOf(reading, 'resourceOrder', index, account, patience);
      return (await many(reading, map, ids, patience)).map(([id, fields]) => ({ id, ...fields }));
    };
  const byId =
    <T>(map: MapOf<T>) =>
    async (id: number, patience: Patience = {}): Promise<(T & { readonly id: number }) | undefined> => {
      const fields = await one(reading, map, id, patience);
      return fields && { id, ...fields };
    };
  return {
    order: byId(ORDERS),
    lease: byId(LEASES),
    /** By id, the oldest first; so are the ones below. */
    ordersOf: byAccount(ORDERS, 'ordersOfRenter'),
    ordersOfProvider: byAccount(ORDERS, 'ordersOfProvider'),
    leasesOf: byAccount(LEASES, 'ordersOfRenter'),
    leasesOfProvider: byAccount(LEASES, 'ordersOfProvider'),
  };
}

export type OrderReads = ReturnType<typeof orderReads>;
