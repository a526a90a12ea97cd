import { arithmeticFailure, type FailureFactory } from '@hamster/frame';
import { describe, expect, it } from 'vitest';

import { Parameters } from '../../src/provider/storage.ts';
import { errors } from '../../src/resource-order/errors.ts';
import { OrdersOfProvider, OrdersOfRenter } from '../../src/resource-order/storage.ts';
import {
  ALICE,
  BOB,
  CAPACITY,
  CHARLIE,
  DAY,
  HAM,
  HOST_KEY,
  HOUR,
  MINUTE,
  PRICE,
  PRICES,
  SMALL,
  utf8,
} from '../market/fixtures.ts';
import { market, request } from '../market/market.ts';

const ESCROW = 10n * PRICE;

describe('an order', () => {
  it('holds the rent, takes the capacity, and keeps the price', () => {
    const { machine, order, free, held, resource, chain, ...m } = market();
    const before = free(ALICE);
    const id = order(machine());
    expect(held('LeaseEscrow', ALICE)).toBe(ESCROW);
    expect(free(ALICE)).toBe(before - ESCROW);
    expect(resource(1n)).toMatchObject({ allocated: { ...SMALL, gpus: 0 }, live_leases: 0 });
    expect(m.orderAt(id)).toMatchObject({
      ...{ renter: ALICE, provider: BOB, resource: 1n, spec: SMALL, hours: 10, escrow: ESCROW },
      price_per_hour: PRICE,
      created_at: chain.ctx.now,
      expires_at: chain.ctx.now + 10n * MINUTE,
      status: { type: 'Pending' },
    });
    expect(OrdersOfRenter.has(chain.ctx, ALICE, id) && OrdersOfProvider.has(chain.ctx, BOB, id)).toBe(true);
    const created = { order: id, renter: ALICE, provider: BOB, resource: 1n, escrow: ESCROW };
    expect(chain.events().at(-1)).toEqual(['ResourceOrder', 'OrderCreated', created]);
  });

  type Changes = Partial<ReturnType<typeof request>>;
  const wrong: [string, Changes, FailureFactory][] = [
    ['lesson 2: no hours', { hours: 0 }, errors.HoursOutOfRange],
    ['more than a year', { hours: 8761 }, errors.HoursOutOfRange],
    ['lesson 3: hours that once wrapped', { hours: 2 ** 32 - 1 }, errors.HoursOutOfRange],
    ['no cores', { spec: { ...SMALL, cpu_cores: 0 } }, errors.SpecTooSmall],
    ['next to no memory', { spec: { ...SMALL, memory_mib: 63 } }, errors.SpecTooSmall],
    ['no disk', { spec: { ...SMALL, disk_gib: 0 } }, errors.SpecTooSmall],
    ['too many cores', { spec: { ...SMALL, cpu_cores: 9 } }, errors.InsufficientCapacity],
    ['too much memory', { spec: { ...SMALL, memory_mib: 16_385 } }, errors.InsufficientCapacity],
    ['too much disk', { spec: { ...SMALL, disk_gib: 2 ** 32 - 1 } }, errors.InsufficientCapacity],
    ['no such machine', { resource: 2n }, errors.ResourceNotFound],
    ['an image that is not there', { image: utf8('windows') }, errors.ImageNotOffered],
    ['a longer time than the offer', { hours: 24 * 300 }, errors.OfferEndsTooSoon],
    ['a lower price', { max_price_per_hour: PRICE - 1n }, errors.PriceTooHigh],
    ['a key with options', { ssh_public_key: utf8('command="x" ssh-ed25519 AAAA') }, errors.InvalidSshKey],
    ['a long key', { ssh_public_key: new Uint8Array(1025).fill(65) }, errors.TextTooLong],
    ['more rent than stake', { hours: 24 * 200 }, errors.InsufficientStake],
  ];
  it.each(wrong)('is refused for %s', (_, changes, error) => {
    const { refuses, resourceOrder, machine } = market();
    refuses(ALICE, resourceOrder.create_order, { ...request(machine(2000n * HAM)), ...changes }, error);
  });

  it('may last as long as a lease can, and be accepted in the last moment', () => {
    const m = market();
    const resource = m.machine();
    const until = m.chain.ctx.now + Parameters.get(m.chain.ctx).max_available;
    m.ok(BOB, m.provider.set_available_until, { resource, until });
    m.advance(7n * DAY);
    const id = m.order(resource, { hours: 8760 });
    m.advance(10n * MINUTE - 1n);
    m.ok(BOB, m.resourceOrder.accept_order, { order: id, ssh_host_key: HOST_KEY });
    expect(m.lease(id).ends_at).toBe(m.chain.ctx.now + 8760n * HOUR);
  });

  it('is refused by a machine that is not offered, and to its owner', () => {
    const { ok, refuses, provider, resourceOrder, machine } = market();
    const resource = machine();
    refuses(BOB, resourceOrder.create_order, request(resource), errors.OwnResource);
    for (const status of ['Draining', 'Offline'] as const) {
      ok(BOB, provider.set_status, { resource, status: { type: status } });
      refuses(ALICE, resourceOrder.create_order, request(resource), errors.ResourceNotOffered);
    }
  });

  it('is refused without the money, however large', () => {
    const { ok, refuses, provider, resourceOrder, machine } = market();
    const resource = machine();
    ok(BOB, provider.update_prices, { resource, prices: { ...PRICES, disk_gib_hour: 10_000n * HAM } });
    const dear = { ...request(resource), max_price_per_hour: 2n ** 128n - 1n };
    refuses(ALICE, resourceOrder.create_order, dear, errors.InsufficientBalance);
    ok(BOB, provider.update_prices, { resource, prices: { ...PRICES, cpu_core_hour: 2n ** 127n } });
    refuses(ALICE, resourceOrder.create_order, dear, errors.PriceTooHigh);
    ok(BOB, provider.update_prices, { resource, prices: { ...PRICES, cpu_core_hour: 2n ** 126n } });
    refuses(ALICE, resourceOrder.create_order, dear, () => arithmeticFailure('Overflow'));
  });

  it('fills a machine, and no more', () => {
    const { refuses, resourceOrder, machine, order, resource } = market();
    const id = machine();
    for (let slice = 0; slice < 4; slice += 1) order(id);
    expect(resource(id).allocated.cpu_cores).toBe(CAPACITY.cpu_cores);
    refuses(CHARLIE, resourceOrder.create_order, request(id), errors.InsufficientCapacity);
  });

  it('may be free of charge', () => {
    const { ok, provider, machine, rent, beat, advance, lease, ...m } = market();
    const resource = machine();
    const prices = { cpu_core_hour: 0n, memory_gib_hour: 0n, disk_gib_hour: 0n };
    ok(BOB, provider.update_prices, { resource, prices });
    const id = rent(resource);
    advance(5n * MINUTE);
    beat(id);
    advance(DAY);
    expect(lease(id)).toMatchObject({ status: { type: 'Faulted' }, paid: 0n, refunded: 0n });
    expect(m.held('LeaseEscrow', ALICE)).toBe(0n);
  });
});

describe('an order that becomes no lease gives everything back', () => {
  const afterwards = (m: ReturnType<typeof market>, id: bigint, status: object): void => {
    expect(m.held('LeaseEscrow', ALICE)).toBe(0n);
    expect(m.free(ALICE)).toBe(1_000_000n * HAM);
    expect(m.resource(1n).allocated.cpu_cores).toBe(0);
    expect(m.orderAt(id).status).toEqual(status);
    m.refuses(
      BOB,
      m.resourceOrder.accept_order,
      { order: id, ssh_host_key: HOST_KEY },
      errors.OrderNotPending,
    );
    const reason = utf8('');
    m.refuses(BOB, m.resourceOrder.reject_order, { order: id, reason }, errors.OrderNotPending);
    m.refuses(ALICE, m.resourceOrder.cancel_order, { order: id }, errors.OrderNotPending);
  };

  it('when the renter cancels', () => {
    const m = market();
    const id = m.order(m.machine());
    m.refuses(BOB, m.resourceOrder.cancel_order, { order: id }, errors.NotRenter);
    m.refuses(ALICE, m.resourceOrder.cancel_order, { order: 9n }, errors.OrderNotFound);
    m.ok(ALICE, m.resourceOrder.cancel_order, { order: id });
    expect(m.said('ResourceOrder')).toContain('OrderCancelled');
    afterwards(m, id, { type: 'Cancelled' });
  });

  it('lesson 13: when the provider refuses', () => {
    const m = market();
    const id = m.order(m.machine());
    const reject = m.resourceOrder.reject_order;
    m.refuses(ALICE, reject, { order: id, reason: utf8('x') }, errors.NotProvider);
    m.refuses(BOB, reject, { order: id, reason: utf8('x'.repeat(129)) }, errors.TextTooLong);
    m.refuses(BOB, reject, { order: id, reason: utf8('\u001b[2J') }, errors.InvalidText);
    m.ok(BOB, reject, { order: id, reason: utf8('no such image') });
    expect(m.resource(1n).statistics.missed_orders).toBe(0);
    afterwards(m, id, { type: 'Rejected', value: { reason: utf8('no such image') } });
  });

  it('lesson 13: when nobody answers for ten minutes, in exactly that block', () => {
    const m = market();
    const id = m.order(m.machine());
    m.advance(10n * MINUTE - 1n);
    expect(m.orderAt(id).status.type).toBe('Pending');
    m.advance(1n);
    expect(m.said('ResourceOrder')).toEqual(['OrderExpired']);
    expect(m.resource(1n).statistics.missed_orders).toBe(1);
    afterwards(m, id, { type: 'Expired' });
  });
});

describe('accepting', () => {
  it('starts the lease and locks the rent as collateral, at most of a week', () => {
    const { machine, rent, lease, ledger, chain, said, ...m } = market();
    const id = rent(machine());
    const { now } = chain.ctx;
    expect(lease(id)).toMatchObject({
      ...{ renter: ALICE, provider: BOB, ssh_host_key: HOST_KEY, escrow: ESCROW, paid: 0n, refunded: 0n },
      ...{ collateral: ESCROW, started_at: now, ends_at: now + 10n * HOUR, settled_until: now },
      ...{ last_heartbeat: now, status: { type: 'Active' }, closed: undefined },
    });
    expect(m.orderAt(id).status).toEqual({ type: 'Accepted' });
    expect(m.resource(1n).live_leases).toBe(1);
    expect(said('ResourceOrder').at(-1)).toBe('OrderAccepted');
    const long = rent(1n, { hours: 300 });
    expect(lease(long).collateral).toBe(168n * PRICE);
    expect(ledger(BOB).locked).toBe(178n * PRICE);
  });

  it('is for the provider, for a machine with a host key, in time, and once', () => {
    const { ok, refuses, resourceOrder, machine, order, chain } = market();
    const accept = resourceOrder.accept_order;
    const id = order(machine());
    const ssh_host_key = HOST_KEY;
    refuses(ALICE, accept, { order: id, ssh_host_key }, errors.NotProvider);
    refuses(BOB, accept, { order: 9n, ssh_host_key }, errors.OrderNotFound);
    refuses(BOB, accept, { order: id, ssh_host_key: utf8('') }, errors.InvalidSshKey);
    ok(BOB, accept, { order: id, ssh_host_key });
    refuses(BOB, accept, { order: id, ssh_host_key }, errors.OrderNotPending);
    expect(chain.faults).toEqual([]);
  });

  it('lesson 4: ends the time in which an order can be cancelled', () => {
    const { refuses, resourceOrder, machine, rent } = market();
    const id = rent(machine());
    refuses(ALICE, resourceOrder.cancel_order, { order: id }, errors.OrderNotPending);
    refuses(BOB, resourceOrder.reject_order, { order: id, reason: utf8('') }, errors.OrderNotPending);
  });

  it('needs the stake still to be free', () => {
    const { ok, refuses, provider, resourceOrder, machine, order } = market();
    const id = order(machine(500n * HAM));
    ok(BOB, provider.unstake, { amount: 300n * HAM });
    const late = { order: id, ssh_host_key: HOST_KEY };
    refuses(BOB, resourceOrder.accept_order, late, errors.InsufficientStake);
    ok(BOB, provider.stake, { amount: 50n * HAM });
    ok(BOB, resourceOrder.accept_order, late);
  });

  it('fails for orders that only together are more than the stake; who rejects them has missed none', () => {
    const { ok, refuses, advance, resourceOrder, resource, machine, order } = market();
    const id = machine(300n * HAM);
    const [first, second, third] = [order(id), order(id), order(id)];
    ok(BOB, resourceOrder.accept_order, { order: first, ssh_host_key: HOST_KEY });
    const late = { order: second, ssh_host_key: HOST_KEY };
    refuses(BOB, resourceOrder.accept_order, late, errors.InsufficientStake);
    ok(BOB, resourceOrder.reject_order, { order: second, reason: utf8('no stake left') });
    expect(resource(id).statistics.missed_orders).toBe(0);
    refuses(BOB, resourceOrder.accept_order, { ...late, order: third }, errors.InsufficientStake);
    advance(10n * MINUTE);
    expect(resource(id).statistics.missed_orders).toBe(1);
  });

  it('works in the last moment of an offer that just lasts', () => {
    const { ok, provider, machine, order, resourceOrder, lease, chain, advance } = market();
    const resource = machine();
    const until = chain.ctx.now + 10n * HOUR + 10n * MINUTE;
    ok(BOB, provider.set_available_until, { resource, until });
    const id = order(resource);
    advance(10n * MINUTE - 1n);
    ok(BOB, resourceOrder.accept_order, { order: id, ssh_host_key: HOST_KEY });
    expect(lease(id).ends_at).toBeLessThan(until);
  });
});
