import fc from 'fast-check';

import { Resources } from '../../src/provider/storage.ts';
import { Leases, Orders } from '../../src/resource-order/storage.ts';
import type { Lease, Order } from '../../src/resource-order/types.ts';
import { HAM, HOST_KEY, PEOPLE, PRICES, utf8 } from './fixtures.ts';
import type { Attempt } from './hostile.ts';
import { type Market, report, request } from './market.ts';

const pickFrom = <T>(items: Iterable<T>, pick: number): T | undefined => {
  const list = [...items];
  return list[pick % Math.max(1, list.length)];
};

const pendingOrder = (m: Market, pick: number): [bigint, Order] | undefined =>
  pickFrom(
    [...Orders.entries(m.chain.ctx)].filter(([, order]) => order.status.type === 'Pending'),
    pick,
  );

const liveLeases = (m: Market): [bigint, Lease][] =>
  [...Leases.entries(m.chain.ctx)].filter(([, lease]) => lease.closed === undefined);

const orderSomething =
  (pick: number, hours: number): Attempt =>
  (m) => {
    const found = pickFrom(Resources.entries(m.chain.ctx), pick);
    const who = PEOPLE[pick % PEOPLE.length];
    if (!found || !who) return undefined;
    const args = { ...request(found[0]), hours, max_price_per_hour: 1_000n * HAM };
    return { who, name: 'create_order', call: m.resourceOrder.create_order, args };
  };

const accept =
  (pick: number): Attempt =>
  (m) => {
    const [order, { provider }] = pendingOrder(m, pick) ?? [0n, { provider: PEOPLE[1] }];
    if (order === 0n || !provider) return undefined;
    const args = { order, ssh_host_key: pick % 16 === 15 ? utf8('ssh-rsa AAAA') : HOST_KEY };
    return { who: provider, name: 'accept_order', call: m.resourceOrder.accept_order, args };
  };

/** Most of them can be shown. */
const REASONS = [utf8('no'), utf8('no'), utf8('a\nb'), new Uint8Array(129)];

const answer =
  (pick: number, name: 'cancel_order' | 'reject_order'): Attempt =>
  (m) => {
    const [order, found] = pendingOrder(m, pick) ?? [0n, undefined];
    if (!found) return undefined;
    const who = name === 'cancel_order' ? found.renter : found.provider;
    const reason = REASONS[pick % REASONS.length] ?? utf8('no');
    return { who, name, call: m.resourceOrder[name], args: { order, reason } };
  };

const beat =
  (pick: number): Attempt =>
  (m) => {
    const who = pickFrom(liveLeases(m), pick)?.[1].provider;
    if (!who) return undefined;
    const mine = liveLeases(m).filter(([, lease]) => lease.provider.join() === who.join());
    // Now and then one of their machines is down.
    const down = pick % 16 === 15 ? mine[0]?.[0] : undefined;
    const args = { reports: mine.map(([id]) => ({ ...report(id), running: id !== down })) };
    return { who, name: 'heartbeat', call: m.resourceOrder.heartbeat, args };
  };

const leave =
  (pick: number, asRenter: boolean): Attempt =>
  (m) => {
    const [lease, found] = pickFrom(liveLeases(m), pick) ?? [0n, undefined];
    if (!found) return undefined;
    const who = asRenter ? found.renter : found.provider;
    return { who, name: 'terminate_lease', call: m.resourceOrder.terminate_lease, args: { lease } };
  };

const extend =
  (pick: number, hours: number): Attempt =>
  (m) => {
    const who = PEOPLE[pick % PEOPLE.length];
    const lease = pickFrom(liveLeases(m), pick)?.[0];
    if (!who || lease === undefined) return undefined;
    const args = { lease, hours, max_price_per_hour: 1_000n * HAM };
    return { who, name: 'extend_lease', call: m.resourceOrder.extend_lease, args };
  };

const maintain =
  (pick: number, ahead: bigint): Attempt =>
  (m) => {
    const [resource, found] = pickFrom(Resources.entries(m.chain.ctx), pick) ?? [0n, undefined];
    if (!found) return undefined;
    const from = m.chain.ctx.now + 300_000n + ahead;
    const args = { resource, from, to: from + 200_000n };
    return { who: found.owner, name: 'announce_maintenance', call: m.provider.announce_maintenance, args };
  };

const repair =
  (pick: number): Attempt =>
  (m) => {
    const [resource, found] = pickFrom(Resources.entries(m.chain.ctx), pick) ?? [0n, undefined];
    if (!found) return undefined;
    const args = { resource, status: { type: 'Online' } };
    return { who: found.owner, name: 'set_status', call: m.provider.set_status, args };
  };

/** So cheap that every division leaves a rest. */
const ODD = { cpu_core_hour: 7n, memory_gib_hour: 3n, disk_gib_hour: 1n };

const reprice =
  (pick: number): Attempt =>
  (m) => {
    const [resource, found] = pickFrom(Resources.entries(m.chain.ctx), pick) ?? [0n, undefined];
    if (!found) return undefined;
    const prices =
      pick % 4 === 3 ? ODD : { ...PRICES, disk_gib_hour: PRICES.disk_gib_hour * BigInt(1 + (pick % 4)) };
    const args = { resource, prices };
    return { who: found.owner, name: 'update_prices', call: m.provider.update_prices, args };
  };

const settle =
  (pick: number): Attempt =>
  (m) => {
    const who = PEOPLE[pick % PEOPLE.length];
    const lease = pickFrom(liveLeases(m), pick)?.[0];
    if (!who || lease === undefined) return undefined;
    return { who, name: 'settle', call: m.resourceOrder.settle, args: { lease } };
  };

const pick = fc.nat({ max: 10_000 });
const hours = fc.integer({ min: 1, max: 4 });

/** Renters and providers who know what they do: so that there is something to attack. */
export const sensible: fc.Arbitrary<Attempt> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(pick, hours).map((args) => orderSomething(...args)) },
  { weight: 5, arbitrary: pick.map(accept) },
  { weight: 16, arbitrary: pick.map(beat) },
  {
    weight: 1,
    arbitrary: fc.tuple(pick, fc.constantFrom('cancel_order', 'reject_order')).map((args) => answer(...args)),
  },
  { weight: 1, arbitrary: fc.tuple(pick, fc.boolean()).map((args) => leave(...args)) },
  { weight: 1, arbitrary: fc.tuple(pick, hours).map((args) => extend(...args)) },
  {
    weight: 1,
    arbitrary: fc.tuple(pick, fc.bigInt({ min: 0n, max: 60_000n })).map((args) => maintain(...args)),
  },
  { weight: 2, arbitrary: pick.map(repair) },
  { weight: 1, arbitrary: pick.map(reprice) },
  { weight: 1, arbitrary: pick.map(settle) },
);
