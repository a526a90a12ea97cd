import type { Codec } from '@polkadot/types/types';
import { storage } from '../connection/decorated.ts';
import type { Link } from '../connection/link.ts';
import type { Dispute } from '../model/arbitration.ts';
import type { Lease, Order } from '../model/resource-order.ts';
import { DISPUTES } from '../reads/dispute-reads.ts';
import { LEASES, ORDERS } from '../reads/order-reads.ts';
import { some } from '../reads/read-store.ts';
import type { MapOf } from '../reads/read-store.ts';
import { within } from '../signals.ts';
import type { Patience } from '../signals.ts';

export interface Head {
  readonly number: number;
  readonly hash: `0x${string}`;
  readonly parentHash: `0x${string}`;
}

export type Unsubscribe = () => void;

/** Subscriptions. They survive a lost connection; listeners are called with the state of the moment first. */
export function watches(link: Link) {
  const watchEntry =
    <T>(map: MapOf<T>) =>
    (
      id: number,
      listener: (value: (T & { readonly id: number }) | undefined) => void,
    ): Promise<Unsubscribe> =>
      link.read(`Watching ${map.pallet}.${map.item}`, async (api) => {
        const onValue = (codec: Codec): void => {
          const fields = some(codec, map.read);
          listener(fields && { id, ...fields });
        };
        return storage(api, map.pallet, map.item)(id, onValue) as unknown as Promise<Unsubscribe>;
      });
  const watchOrder = watchEntry(ORDERS);
  const watchLease = watchEntry(LEASES);
  const watchDispute = watchEntry(DISPUTES);
  return {
    /** Each new best block, or each finalised one. */
    watchHeads: (
      listener: (head: Head) => void,
      which: 'best' | 'finalized' = 'best',
    ): Promise<Unsubscribe> =>
      link.read('Watching the chain', (api) => {
        const subscribe =
          which === 'best' ? api.rpc.chain.subscribeNewHeads : api.rpc.chain.subscribeFinalizedHeads;
        return subscribe((header) =>
          listener({
            number: header.number.toNumber(),
            hash: header.hash.toHex(),
            parentHash: header.parentHash.toHex(),
          }),
        );
      }),
    watchOrder,
    watchLease,
    watchDispute,
    /** Resolves with the order as soon as it is what `wanted` says, or with undefined when it is gone. */
    awaitOrder: (
      id: number,
      wanted: (order: Order) => boolean,
      patience: Patience = {},
    ): Promise<Order | undefined> =>
      firstMatch((listener) => watchOrder(id, listener), wanted, patience, `Waiting for order ${id}`),
    /** Resolves with the lease as soon as it is what `wanted` says, or with undefined when it is gone. */
    awaitLease: (
      id: number,
      wanted: (lease: Lease) => boolean,
      patience: Patience = {},
    ): Promise<Lease | undefined> =>
      firstMatch((listener) => watchLease(id, listener), wanted, patience, `Waiting for lease ${id}`),
    /** Resolves with the dispute as soon as it is what `wanted` says, or with undefined when it is gone. */
    awaitDispute: (
      id: number,
      wanted: (dispute: Dispute) => boolean,
      patience: Patience = {},
    ): Promise<Dispute | undefined> =>
      firstMatch((listener) => watchDispute(id, listener), wanted, patience, `Waiting for dispute ${id}`),
  };
}

export type Watches = ReturnType<typeof watches>;

async function firstMatch<T>(
  watch: (listener: (value: T | undefined) => void) => Promise<Unsubscribe>,
  wanted: (value: T) => boolean,
  patience: Patience,
  what: string,
): Promise<T | undefined> {
  const match = Promise.withResolvers<T | undefined>();
  const unsubscribe = await watch((value) => {
    if (value === undefined || wanted(value)) match.resolve(value);
  });
  try {
    return await within(match.promise, patience, what);
  } finally {
    unsubscribe();
  }
}
