import { type AccountId, type CallDefinition, type FailureFactory, ROOT, signedBy } from '@hamster/frame';
import { assertHealthy, assertNoop, assertOk } from '@hamster/frame/testing';
import type { Fields, FieldValues } from '@hamster/scale';

import { Resources, Stakes } from '../../src/provider/storage.ts';
import type { Resource } from '../../src/provider/types.ts';
import { Leases, NextOrderId, Orders, Parameters } from '../../src/resource-order/storage.ts';
import type { Lease, Order, Report } from '../../src/resource-order/types.ts';
import { accountStore } from '../../src/index.ts';
import { type ComposedMarket, composeMarket, type MarketOptions } from './compose.ts';
import {
  ALICE,
  BOB,
  CAPACITY,
  DAY,
  HAM,
  HOST_KEY,
  IMAGE,
  PEER_ID,
  PRICES,
  SMALL,
  SSH_KEY,
  utf8,
} from './fixtures.ts';

const found = <T>(value: T | undefined, what: string): T => {
  if (value === undefined) throw new TypeError(`The test expects ${what}`);
  return value;
};

const readersOf = ({ chain, currency }: ComposedMarket) => ({
  resource: (id: bigint): Resource => found(Resources.get(chain.ctx, id), `resource ${id}`),
  ledger: (who: AccountId) => Stakes.get(chain.ctx, who),
  orderAt: (id: bigint): Order => found(Orders.get(chain.ctx, id), `order ${id}`),
  lease: (id: bigint): Lease => found(Leases.get(chain.ctx, id), `lease ${id}`),
  free: (who: AccountId): bigint => accountStore.read(chain.ctx, who).free,
  held: (reason: string, who: AccountId): bigint => currency.held(chain.ctx, reason, who),
  /** Names of the pallet's events in this block. */
  said: (pallet: string): string[] =>
    chain.events().flatMap(([from, name]) => (from === pallet ? [name] : [])),
  parameters: () => Parameters.get(chain.ctx),
});

const callersOf = ({ chain }: ComposedMarket) => ({
  ok: <F extends Fields>(who: AccountId, call: CallDefinition<F>, args: FieldValues<F>): void =>
    assertOk(chain, chain.run(signedBy(who), call, args)),
  /** Fails with exactly this error, and changes nothing. */
  refuses: <F extends Fields>(
    who: AccountId,
    call: CallDefinition<F>,
    args: FieldValues<F>,
    error: FailureFactory,
  ): void => assertNoop(chain, () => chain.run(signedBy(who), call, args), error),
  asRoot: <F extends Fields>(call: CallDefinition<F>, args: FieldValues<F>): void =>
    assertOk(chain, chain.run(ROOT, call, args)),
  /** Next block, after which all invariants hold. */
  advance: (milliseconds: bigint): void => {
    chain.advance(milliseconds);
    assertHealthy(chain);
  },
});

export const offer = (now: bigint) => ({
  peer_id: PEER_ID,
  capacity: CAPACITY,
  prices: PRICES,
  available_until: now + 300n * DAY,
  images: [IMAGE, utf8('alpine')],
  virtualization: { type: 'Kvm' as const },
  cpu_model: utf8('AMD EPYC'),
  region: utf8('eu-west'),
});

export const request = (resource: bigint) => ({
  resource,
  spec: SMALL,
  hours: 10,
  image: IMAGE,
  ssh_public_key: SSH_KEY,
  max_price_per_hour: 25n * HAM,
});

export const report = (lease: bigint): Report => ({ lease, ...SMALL, running: true });

type Callers = ReturnType<typeof callersOf>;

const scenariosOf = ({ chain, provider, resourceOrder }: ComposedMarket, { ok }: Callers) => {
  const order = (id: bigint, changes: Partial<ReturnType<typeof request>> = {}, renter = ALICE): bigint => {
    ok(renter, resourceOrder.create_order, { ...request(id), ...changes });
    return NextOrderId.get(chain.ctx) - 1n;
  };
  return {
    /** Bob stakes and brings a machine. */
    machine: (stake = 20_000n * HAM): bigint => {
      ok(BOB, provider.stake, { amount: stake });
      ok(BOB, provider.register_resource, offer(chain.ctx.now));
      return 1n;
    },
    order,
    /** Alice orders ten hours of a small slice, and Bob accepts. */
    rent: (id: bigint, changes: Partial<ReturnType<typeof request>> = {}): bigint => {
      const lease = order(id, changes);
      ok(BOB, resourceOrder.accept_order, { order: lease, ssh_host_key: HOST_KEY });
      return lease;
    },
    beat: (...leases: bigint[]): void => ok(BOB, resourceOrder.heartbeat, { reports: leases.map(report) }),
  };
};

/** A chain of the market with the parameters of a public network, and what a test does with it. */
export const market = (options: MarketOptions = {}) => {
  const composed = composeMarket(options);
  const callers = callersOf(composed);
  return { ...composed, ...callers, ...readersOf(composed), ...scenariosOf(composed, callers) };
};

export type Market = ReturnType<typeof market>;
