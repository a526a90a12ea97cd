import { describe, expect, it } from 'vitest';

import { errors } from '../../src/resource-order/errors.ts';
import { Leases, Orders, OrdersOfProvider, OrdersOfRenter } from '../../src/resource-order/storage.ts';
import { ALICE, BOB, DAY, HAM, HOUR, MINUTE, POTS, PRICE } from '../market/fixtures.ts';
import { market, type Market } from '../market/market.ts';

const ESCROW = 10n * PRICE;
const FIVE = 5n * MINUTE;
const RICH = 1_000_000n * HAM;

/** Beats every five minutes for so long. */
const serve = (m: Market, lease: bigint, time: bigint): void => {
  for (let passed = 0n; passed < time; passed += FIVE) {
    m.advance(FIVE);
    if (Leases.get(m.chain.ctx, lease)?.closed === undefined) m.beat(lease);
  }
};

const afterFees = (rent: bigint): bigint => rent - (rent * 5n) / 100n;

describe('a lease that is served', () => {
  it('pays with each heartbeat, and is paid to the last planck', () => {
    const m = market();
    const stake = 20_000n * HAM;
    const pots = m.free(POTS.gateways);
    const id = m.rent(m.machine(stake));
    serve(m, id, HOUR);
    expect(m.lease(id)).toMatchObject({ paid: PRICE, escrow: ESCROW - PRICE });
    expect(m.free(BOB)).toBe(RICH - stake + afterFees(PRICE));
    serve(m, id, 9n * HOUR);
    const closed = { at: m.chain.ctx.now, reason: { type: 'Completed' } };
    expect(m.lease(id)).toMatchObject({ status: { type: 'Finished' }, closed, paid: ESCROW, escrow: 0n });
    expect(m.free(BOB)).toBe(RICH - stake + afterFees(ESCROW));
    expect(m.free(ALICE)).toBe(RICH - ESCROW);
    expect(m.free(POTS.gateways) - pots).toBe((ESCROW * 3n) / 100n);
    expect(m.free(POTS.validators) - pots).toBe(ESCROW / 100n);
    expect(m.free(POTS.treasury) - pots).toBe(ESCROW / 100n);
    expect(m.ledger(BOB)).toEqual({ active: stake, locked: 0n, unbonding: [] });
    expect(m.resource(1n)).toMatchObject({ live_leases: 0, allocated: { cpu_cores: 0 } });
    expect(m.resource(1n).statistics).toMatchObject({ leases_served: 1, hours_served: 10n, faults: 0 });
  });

  it('lesson 9: is paid for its last stretch, and holds nothing afterwards', () => {
    const m = market();
    const id = m.rent(m.machine());
    serve(m, id, 10n * HOUR - FIVE);
    m.advance(FIVE - 1n);
    expect(m.lease(id).status.type).toBe('Active');
    m.advance(1n);
    expect(m.said('ResourceOrder')).toEqual(['Settled', 'LeaseClosed']);
    expect(m.lease(id)).toMatchObject({ paid: ESCROW, escrow: 0n, collateral: 0n, refunded: 0n });
    expect(m.held('LeaseEscrow', ALICE)).toBe(0n);
  });

  it('lesson 15: loses nothing when two beats are missing', () => {
    const m = market();
    const id = m.rent(m.machine());
    serve(m, id, 30n * MINUTE);
    m.advance(15n * MINUTE + 10n * 1_000n);
    m.beat(id);
    expect(m.lease(id)).toMatchObject({ status: { type: 'Active' }, refunded: 0n });
    serve(m, id, 10n * HOUR);
    expect(m.lease(id)).toMatchObject({ closed: { reason: { type: 'Completed' } }, paid: ESCROW });
    expect(m.resource(1n).statistics.faults).toBe(0);
    expect(m.ledger(BOB).active).toBe(20_000n * HAM);
  });

  it('lesson 12: pays what a pot can not take to the treasury, and goes on', () => {
    const m = market({ pots: ['treasury'] });
    const resource = m.machine();
    // A fee of a hundredth is under the existential deposit.
    const prices = { cpu_core_hour: HAM / 10_000n, memory_gib_hour: 0n, disk_gib_hour: 0n };
    m.ok(BOB, m.provider.update_prices, { resource, prices });
    const id = m.rent(resource, { hours: 1 });
    serve(m, id, HOUR);
    const paid = HAM / 5_000n;
    expect(m.lease(id)).toMatchObject({ paid, escrow: 0n });
    expect(m.free(POTS.treasury)).toBe(HAM / 1000n + paid / 20n);
    expect(m.free(POTS.gateways)).toBe(0n);
  });

  it('has the hours of its time where it costs nothing', () => {
    const m = market();
    const resource = m.machine();
    const prices = { cpu_core_hour: 0n, memory_gib_hour: 0n, disk_gib_hour: 0n };
    m.ok(BOB, m.provider.update_prices, { resource, prices });
    serve(m, m.rent(resource), 10n * HOUR);
    expect(m.resource(1n).statistics).toMatchObject({ leases_served: 1, hours_served: 10n });
  });

  it('stays readable for thirty days, then is forgotten', () => {
    const m = market();
    const id = m.rent(m.machine());
    serve(m, id, 10n * HOUR);
    m.advance(30n * DAY - 1n);
    expect(m.lease(id).closed).toBeDefined();
    m.advance(1n);
    expect(Leases.has(m.chain.ctx, id) || Orders.has(m.chain.ctx, id)).toBe(false);
    expect([...OrdersOfRenter.entries(m.chain.ctx), ...OrdersOfProvider.entries(m.chain.ctx)]).toEqual([]);
  });
});

describe('silence', () => {
  it('suspends after ten minutes, in exactly that block', () => {
    const m = market();
    const id = m.rent(m.machine());
    serve(m, id, 3n * FIVE);
    m.advance(10n * MINUTE - 1n);
    expect(m.lease(id).status.type).toBe('Active');
    m.advance(1n);
    expect(m.said('ResourceOrder')).toEqual(['LeaseSuspended']);
    expect(m.lease(id).status.type).toBe('Suspended');
  });

  it('at the end of a lease has not served it, also where the chain comes to both at once', () => {
    const m = market();
    const id = m.rent(m.machine(), { hours: 1 });
    serve(m, id, 9n * FIVE);
    m.advance(15n * MINUTE);
    expect(m.said('ResourceOrder')).toEqual(['LeaseSuspended', 'LeaseClosed']);
    expect(m.lease(id)).toMatchObject({ status: { type: 'Finished' }, paid: (PRICE * 3n) / 4n });
    expect(m.resource(1n).statistics).toMatchObject({ leases_served: 0, faults: 0 });
  });

  it('pays nothing while it lasts, and what too long a silence has cost goes back at once', () => {
    const m = market();
    const id = m.rent(m.machine());
    m.advance(25n * MINUTE);
    m.ok(ALICE, m.resourceOrder.settle, { lease: id });
    expect(m.lease(id)).toMatchObject({ paid: 0n, refunded: 0n, status: { type: 'Suspended' } });
    m.beat(id);
    const lost = (PRICE * 25n) / 60n;
    expect(m.lease(id)).toMatchObject({ paid: 0n, refunded: lost, status: { type: 'Active' } });
    expect(m.said('ResourceOrder')).toContain('LeaseResumed');
    expect(m.free(ALICE)).toBe(RICH - ESCROW + lost);
    serve(m, id, 10n * HOUR);
    expect(m.lease(id)).toMatchObject({ paid: ESCROW - lost, refunded: lost, escrow: 0n });
  });

  it('suspends again as exactly after it resumed', () => {
    const m = market();
    const id = m.rent(m.machine());
    m.advance(13n * MINUTE);
    m.beat(id);
    m.advance(10n * MINUTE - 1n);
    expect(m.lease(id).status.type).toBe('Active');
    m.advance(1n);
    expect(m.lease(id).status.type).toBe('Suspended');
  });

  it('is a fault after thirty minutes: rest and collateral to the renter, machine offline', () => {
    const m = market();
    const stake = 20_000n * HAM;
    const id = m.rent(m.machine(stake));
    serve(m, id, HOUR);
    m.advance(30n * MINUTE - 1n);
    expect(m.lease(id).status.type).toBe('Suspended');
    m.advance(1n);
    expect(m.said('ResourceOrder')).toEqual(['LeaseClosed']);
    expect(m.said('Provider')).toEqual(['Slashed', 'Slashed', 'ResourceStatusChanged']);
    const rest = ESCROW - PRICE;
    expect(m.lease(id)).toMatchObject({
      ...{ status: { type: 'Faulted' }, closed: { reason: { type: 'ProviderFault' } } },
      ...{ paid: PRICE, refunded: rest, escrow: 0n, collateral: 0n },
    });
    // The collateral was ten hours' rent: nine of them match what came back, the tenth is the treasury's.
    expect(m.free(ALICE)).toBe(RICH - ESCROW + rest + rest);
    expect(m.free(POTS.treasury)).toBe(HAM / 1000n + PRICE / 100n + PRICE);
    expect(m.ledger(BOB)).toEqual({ active: stake - ESCROW, locked: 0n, unbonding: [] });
    expect(m.resource(1n)).toMatchObject({ status: { type: 'Offline' }, live_leases: 0 });
    const { now } = m.chain.ctx;
    expect(m.resource(1n).statistics).toMatchObject({
      ...{ faults: 1, last_fault: now, leases_served: 0, disputes_lost: 0 },
    });
  });

  it('lesson 10: of one machine leaves the collateral of the others', () => {
    const m = market();
    const resource = m.machine(1000n * HAM);
    const [good, bad] = [m.rent(resource), m.rent(resource)];
    serve(m, good, 30n * MINUTE);
    expect(m.lease(bad).status.type).toBe('Faulted');
    expect(m.lease(good)).toMatchObject({ status: { type: 'Active' }, collateral: ESCROW });
    expect(m.ledger(BOB)).toEqual({ active: 1000n * HAM - ESCROW, locked: ESCROW, unbonding: [] });
    serve(m, good, 10n * HOUR);
    expect(m.lease(good).status.type).toBe('Finished');
  });

  it('that cost all of the rent leaves no hours served, no lease served, and no fault', () => {
    const m = market();
    const id = m.rent(m.machine());
    for (let beat = 0; beat < 24; beat += 1) {
      m.advance(25n * MINUTE);
      m.beat(id);
    }
    expect(m.lease(id)).toMatchObject({ status: { type: 'Finished' }, paid: 0n, refunded: ESCROW });
    expect(m.resource(1n).statistics).toMatchObject({ leases_served: 0, hours_served: 0n, faults: 0 });
    expect(m.ledger(BOB)).toMatchObject({ active: 20_000n * HAM, locked: 0n });
  });

  it('takes the hours that were not paid from those served, and no more', () => {
    const m = market();
    const id = m.rent(m.machine());
    serve(m, id, 4n * HOUR);
    for (let beat = 0; beat < 12; beat += 1) {
      m.advance(25n * MINUTE);
      m.beat(id);
    }
    serve(m, id, HOUR);
    expect(m.lease(id)).toMatchObject({ status: { type: 'Finished' }, paid: 5n * PRICE });
    expect(m.resource(1n).statistics).toMatchObject({ leases_served: 1, hours_served: 5n, faults: 0 });
  });

  it('is no fault where the agreed end comes first', () => {
    const m = market();
    const id = m.rent(m.machine(), { hours: 1 });
    serve(m, id, 45n * MINUTE);
    m.advance(15n * MINUTE);
    const lost = PRICE / 4n;
    expect(m.lease(id)).toMatchObject({ status: { type: 'Finished' }, paid: PRICE - lost, refunded: lost });
    expect(m.resource(1n).statistics.faults).toBe(0);
  });

  it('is a fault even if the chain was busy, and no late report changes that', () => {
    const m = market({ resourceOrder: { due_per_block: 1 } });
    const resource = m.machine();
    const leases = [m.rent(resource), m.rent(resource), m.rent(resource)];
    m.advance(HOUR);
    const waiting = leases.filter((id) => m.lease(id).closed === undefined);
    expect(waiting.length).toBe(2);
    m.beat(...waiting);
    for (const lease of waiting) {
      m.refuses(BOB, m.resourceOrder.terminate_lease, { lease }, errors.LeaseNotLive);
      m.ok(ALICE, m.resourceOrder.settle, { lease });
      expect(m.lease(lease)).toMatchObject({ status: { type: 'Faulted' }, paid: 0n });
    }
    for (let block = 0; block < 9; block += 1) m.advance(1n);
  });
});

describe('maintenance', () => {
  const announced = (m: Market): { id: bigint; from: bigint; to: bigint } => {
    const resource = m.machine();
    const id = m.rent(resource, { hours: 48 });
    const from = m.chain.ctx.now + DAY;
    const to = from + 2n * HOUR;
    m.ok(BOB, m.provider.announce_maintenance, { resource, from, to });
    serve(m, id, DAY);
    return { id, from, to };
  };

  it('is neither paid nor a fault', () => {
    const m = market();
    const { id } = announced(m);
    expect(m.lease(id).paid).toBe(24n * PRICE);
    m.advance(2n * HOUR);
    expect(m.lease(id).status.type).toBe('Active');
    m.beat(id);
    expect(m.lease(id)).toMatchObject({ paid: 24n * PRICE, refunded: 2n * PRICE });
    serve(m, id, 22n * HOUR);
    expect(m.lease(id)).toMatchObject({ paid: 46n * PRICE, refunded: 2n * PRICE, escrow: 0n });
    expect(m.resource(1n).statistics).toMatchObject({ leases_served: 1, hours_served: 46n, faults: 0 });
  });

  it('is not paid, even if the machine reports through it', () => {
    const m = market();
    const { id } = announced(m);
    serve(m, id, 3n * HOUR);
    expect(m.lease(id)).toMatchObject({ paid: 25n * PRICE, refunded: 2n * PRICE });
  });

  it('counts silence before and behind it as one', () => {
    const m = market();
    const { id, to } = announced(m);
    m.advance(to - m.chain.ctx.now + 10n * MINUTE - 1n);
    expect(m.lease(id).status.type).toBe('Active');
    m.advance(1n);
    expect(m.lease(id).status.type).toBe('Suspended');
    m.advance(20n * MINUTE);
    expect(m.lease(id).status.type).toBe('Faulted');
  });
});
