import type { AccountId, CallDefinition, Origin } from '@hamster/frame';
import fc from 'fast-check';

import {
  CAPACITY,
  HAM,
  HOST_KEY,
  IMAGE,
  MINUTE,
  OTHER_PEER_ID,
  PEER_ID,
  PEOPLE,
  PRICES,
  SMALL,
  SSH_KEY,
  STRANGERS,
  VALIDATORS,
  utf8,
} from './fixtures.ts';
import type { ComposedMarket } from './compose.ts';
import { type Market, offer } from './market.ts';

/** A call that somebody makes; root, where there is nobody. */
export interface Move {
  readonly who: AccountId | undefined;
  /** Where it is not simply theirs: an extrinsic that nobody has signed. */
  readonly origin?: Origin;
  readonly name: string;
  readonly call: CallDefinition;
  readonly args: Readonly<Record<string, unknown>>;
}

/** What somebody is up to; undefined where there is nothing to do it to. */
export type Attempt = (m: Market) => Move | undefined;

export const id = fc.bigInt({ min: 1n, max: 12n });
export const amount = fc.oneof(
  { weight: 8, arbitrary: fc.bigInt({ min: 1n, max: 3_000n }).map((ham) => ham * HAM) },
  fc.constantFrom(0n, 1n, 2n ** 64n, 2n ** 128n - 1n),
);
const count = fc.oneof(
  { weight: 8, arbitrary: fc.nat({ max: 5 }) },
  fc.constantFrom(0, 2 ** 31, 2 ** 32 - 1),
);
export const text = fc.constantFrom(IMAGE, IMAGE, IMAGE, utf8(''), utf8('a\nb'), new Uint8Array(2000));
const key = fc.constantFrom(SSH_KEY, HOST_KEY, SSH_KEY, utf8('ssh-rsa AAAA'));
const peerId = fc.constantFrom(PEER_ID, OTHER_PEER_ID, utf8('x'));
const images = fc.constantFrom([IMAGE], [IMAGE, utf8('alpine')], []);
const spec = fc.oneof(
  { weight: 5, arbitrary: fc.constant(SMALL) },
  fc.record({ cpu_cores: count, memory_mib: count, disk_gib: count }),
);
const capacity = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(CAPACITY, { ...CAPACITY, cpu_cores: 4 }) },
  fc.record({ cpu_cores: count, memory_mib: count, disk_gib: count, gpus: count }),
);
const price = fc.constantFrom(0n, 1n, 7n, HAM / 7n, PRICES.cpu_core_hour, 2n ** 127n);
const prices = fc.record({ cpu_core_hour: price, memory_gib_hour: price, disk_gib_hour: price });
const maxPrice = fc.constantFrom(2n ** 128n - 1n, 2n ** 128n - 1n, 25n * HAM, 0n);
const status = fc.constantFrom('Online', 'Online', 'Draining', 'Offline').map((type) => ({ type }));
const span = fc.bigInt({ min: -10n, max: 60n * 24n }).map((minutes) => minutes * MINUTE);
const report = fc.record({
  lease: id,
  cpu_cores: fc.constantFrom(2, 2, 2, 1),
  memory_mib: fc.constant(2_048),
  disk_gib: fc.constant(10),
  running: fc.constantFrom(true, true, true, false),
});
const addresses = fc.constantFrom([utf8('/ip4/198.51.100.7/tcp/4001')], [utf8('nowhere')], []);

export const EVERYBODY = [...PEOPLE, ...VALIDATORS, ...STRANGERS];

export type Args = fc.Arbitrary<(now: bigint) => Readonly<Record<string, unknown>>>;
export const fixed = (fields: Readonly<Record<string, fc.Arbitrary<unknown>>>): Args =>
  fc.record(fields).map((args) => () => args);

export const PROVIDER_CALLS: Readonly<Record<string, Args>> = {
  stake: fixed({ amount }),
  unstake: fixed({ amount }),
  withdraw_unbonded: fixed({}),
  register_resource: fc
    .record({ prices, capacity, images, peer_id: peerId })
    .map((changes) => (now) => ({ ...offer(now), ...changes })),
  update_prices: fixed({ resource: id, prices }),
  update_capacity: fixed({ resource: id, capacity }),
  set_available_until: fc
    .record({ resource: id, ahead: span })
    .map(({ resource, ahead }) => (now) => ({ resource, until: now + ahead })),
  update_endpoint: fixed({ resource: id, peer_id: peerId, images }),
  set_status: fixed({ resource: id, status }),
  announce_maintenance: fc
    .record({ resource: id, ahead: span, length: span })
    .map(({ resource, ahead, length }) => (now) => ({
      resource,
      from: now + ahead,
      to: now + ahead + length,
    })),
  remove_resource: fixed({ resource: id }),
};

export const ORDER_CALLS: Readonly<Record<string, Args>> = {
  create_order: fixed({
    ...{ resource: id, spec, hours: count, image: text, ssh_public_key: key, max_price_per_hour: maxPrice },
  }),
  accept_order: fixed({ order: id, ssh_host_key: key }),
  reject_order: fixed({ order: id, reason: text }),
  cancel_order: fixed({ order: id }),
  heartbeat: fixed({ reports: fc.array(report, { maxLength: 3 }) }),
  settle: fixed({ lease: id }),
  terminate_lease: fixed({ lease: id }),
  extend_lease: fixed({ lease: id, hours: count, max_price_per_hour: maxPrice }),
};

export const GATEWAY_CALLS: Readonly<Record<string, Args>> = {
  register: fixed({ peer_id: peerId, multiaddrs: addresses, region: text, stake: amount }),
  update_endpoint: fixed({ peer_id: peerId, multiaddrs: addresses }),
  heartbeat: fixed({}),
  go_offline: fixed({}),
  go_online: fixed({}),
  reset: fixed({}),
  withdraw_unbonded: fixed({}),
  claim_rewards: fixed({}),
};

/** The pallets of a market that have calls. */
type Pallet = keyof Omit<ComposedMarket, 'chain' | 'currency'>;

const callOf = (m: Market, pallet: Pallet, name: string): CallDefinition => {
  const calls: Readonly<Record<string, CallDefinition>> = m[pallet];
  const call = calls[name];
  if (!call) throw new TypeError(`There is no call ${pallet}.${name}`);
  return call;
};

export const attemptsOn = (
  pallet: Pallet,
  calls: Readonly<Record<string, Args>>,
  callers: readonly (AccountId | undefined)[] = EVERYBODY,
): fc.Arbitrary<Attempt> =>
  fc
    .constantFrom(...Object.keys(calls))
    .chain((name) => fc.tuple(fc.constantFrom(...callers), fc.constant(name), calls[name] ?? fixed({})))
    .map(([who, name, args]) => (m: Market) => {
      return { who, name, call: callOf(m, pallet, name), args: args(m.chain.ctx.now) };
    });

/** Anybody, anything in the market. */
export const hostile: fc.Arbitrary<Attempt> = fc.oneof(
  attemptsOn('provider', PROVIDER_CALLS),
  attemptsOn('resourceOrder', ORDER_CALLS),
  attemptsOn('gateway', GATEWAY_CALLS),
);
