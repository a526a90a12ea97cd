import { type CallCase, asRoot } from '../case.ts';
import { at, type Cast, LONGEST, parametersOf } from '../cast.ts';
import type { Chain } from '../chain.ts';
import { MOST, orderSlice, pricesAt, SLICE, slice, STRETCHES } from '../scene.ts';

/** As many reports as a heartbeat may have. */
const MAX_REPORTS = 64;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** Ten hours of ten minutes, and a little: by then all leases of the scene are over. */
export const WHOLE_LEASE = 101 * MINUTE;

/** One order of each renter, under the numbers behind those of the leases. */
export function orderAll(chain: Chain, { renters }: Cast): void {
  for (const [index, renter] of renters.entries()) orderSlice(chain, renter, index + 1);
}

const ofOrder = (by: 'providers' | 'renters', name: string, proof: string, ...args: unknown[]): CallCase => ({
  call: `ResourceOrder.${name}`,
  proof: `resourceOrder.${proof}`,
  prepare: orderAll,
  make: (chain, cast, index) => ({
    by: at(cast[by], index),
    call: chain.call(`ResourceOrder.${name}`, cast.size + index + 1, ...args),
  }),
});

/** Leases until each of some providers has as many as a heartbeat may name, each with as many prices ahead as it may have. */
function rentMore(chain: Chain, cast: Cast): void {
  const { providers, renters, size } = cast;
  for (let index = 0; index < busyProviders({ size }); index++) {
    for (let count = 1; count < MAX_REPORTS; count++) {
      orderSlice(chain, at(renters, count), index + 1);
      const order = size + index * (MAX_REPORTS - 1) + count;
      chain.send(at(providers, index), 'ResourceOrder.accept_order', order, LONGEST.sshKey);
    }
    for (let step = 1; step <= STRETCHES; step++) {
      chain.send(at(providers, index), 'Provider.update_prices', index + 1, pricesAt(STRETCHES + step));
      for (const lease of leasesOf(cast, index).slice(1)) {
        chain.send(at(renters, 0), 'ResourceOrder.extend_lease', lease, 1, MOST);
      }
    }
  }
}

const busyProviders = ({ size }: Pick<Cast, 'size'>): number => Math.min(size, 4);

/** The leases of a provider behind `rentMore`. */
function leasesOf({ size }: Cast, index: number): number[] {
  const first = size + index * (MAX_REPORTS - 1) + 1;
  return [index + 1, ...Array.from({ length: MAX_REPORTS - 1 }, (_, count) => first + count)];
}

export const orderCases: readonly CallCase[] = [
  {
    call: 'ResourceOrder.create_order',
    proof: 'resourceOrder.OrderCreated',
    make: (chain, { renters, size }, index) => ({
      by: at(renters, index),
      call: chain.call('ResourceOrder.create_order', ...slice((index % size) + 1)),
    }),
  },
  ofOrder('providers', 'accept_order', 'OrderAccepted', LONGEST.sshKey),
  ofOrder('providers', 'reject_order', 'OrderRejected', LONGEST.text(128)),
  ofOrder('renters', 'cancel_order', 'OrderCancelled'),
  {
    call: 'ResourceOrder.heartbeat',
    proof: { event: 'resourceOrder.Settled', times: MAX_REPORTS },
    wait: 10 * SECOND,
    count: busyProviders,
    prepare: rentMore,
    make(chain, cast, index) {
      const reports = leasesOf(cast, index).map((lease) => ({ lease, ...SLICE, running: true }));
      return { by: at(cast.providers, index), call: chain.call('ResourceOrder.heartbeat', reports) };
    },
  },
  {
    // The agenda is made to come late: it ends the first lease, and whoever settles has to end the others.
    call: 'ResourceOrder.settle',
    proof: 'resourceOrder.LeaseClosed',
    wait: WHOLE_LEASE,
    count: ({ size }) => size - 1,
    prepare(chain, cast) {
      const parameters = parametersOf('resourceOrder', { due_per_block: 1 });
      asRoot(chain, cast, 'ResourceOrder.set_parameters', parameters);
    },
    make: (chain, { spare }, index) => ({
      by: at(spare, index),
      call: chain.call('ResourceOrder.settle', index + 2),
    }),
  },
  {
    call: 'ResourceOrder.terminate_lease',
    proof: 'resourceOrder.LeaseClosed',
    wait: 10 * SECOND,
    make: (chain, { renters }, index) => ({
      by: at(renters, index),
      call: chain.call('ResourceOrder.terminate_lease', index + 1),
    }),
  },
  {
    call: 'ResourceOrder.extend_lease',
    proof: 'resourceOrder.LeaseExtended',
    endless: true,
    make: (chain, { spare, size }, index) => ({
      by: at(spare, index),
      call: chain.call('ResourceOrder.extend_lease', (index % size) + 1, 1, MOST),
    }),
  },
];
