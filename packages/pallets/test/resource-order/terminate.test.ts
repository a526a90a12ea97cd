import { describe, expect, it } from 'vitest';

import { errors } from '../../src/resource-order/errors.ts';
import { ALICE, BOB, CHARLIE, DAY, HAM, HOUR, MINUTE, PRICE } from '../market/fixtures.ts';
import { market } from '../market/market.ts';

const ESCROW = 10n * PRICE;
const RICH = 1_000_000n * HAM;

describe('the renter leaves', () => {
  it('and pays the used time and one hour of notice', () => {
    const m = market();
    const id = m.rent(m.machine());
    m.advance(5n * MINUTE);
    m.beat(id);
    m.advance(MINUTE);
    m.ok(ALICE, m.resourceOrder.terminate_lease, { lease: id });
    const paid = PRICE / 10n + PRICE;
    expect(m.lease(id)).toMatchObject({
      ...{ status: { type: 'Terminated' }, closed: { reason: { type: 'TerminatedByRenter' } } },
      ...{ paid, refunded: ESCROW - paid, escrow: 0n, collateral: 0n },
    });
    expect(m.free(ALICE)).toBe(RICH - paid);
    expect(m.ledger(BOB)).toMatchObject({ active: 20_000n * HAM, locked: 0n });
    expect(m.resource(1n)).toMatchObject({ status: { type: 'Online' }, live_leases: 0 });
    expect(m.resource(1n).statistics.leases_served).toBe(1);
  });

  it('and the notice is no hour served, and neither is what went back', () => {
    const m = market();
    const id = m.rent(m.machine());
    for (let beat = 0; beat < 12; beat += 1) {
      m.advance(5n * MINUTE);
      m.beat(id);
    }
    for (let beat = 0; beat < 6; beat += 1) {
      m.advance(25n * MINUTE);
      m.beat(id);
    }
    m.ok(ALICE, m.resourceOrder.terminate_lease, { lease: id });
    expect(m.lease(id).paid).toBe(2n * PRICE);
    expect(m.resource(1n).statistics).toMatchObject({ leases_served: 1, hours_served: 1n, faults: 0 });
  });

  it('and pays no more than is left', () => {
    const m = market();
    const id = m.rent(m.machine(), { hours: 1 });
    m.advance(MINUTE);
    m.ok(ALICE, m.resourceOrder.terminate_lease, { lease: id });
    expect(m.lease(id)).toMatchObject({ paid: PRICE, refunded: 0n });
  });

  it('a suspended lease without paying anything more', () => {
    const m = market();
    const id = m.rent(m.machine());
    m.advance(5n * MINUTE);
    m.beat(id);
    m.advance(10n * MINUTE);
    m.ok(ALICE, m.resourceOrder.terminate_lease, { lease: id });
    expect(m.lease(id)).toMatchObject({ paid: PRICE / 12n, refunded: ESCROW - PRICE / 12n });
    expect(m.ledger(BOB)).toMatchObject({ active: 20_000n * HAM, locked: 0n });
    expect(m.resource(1n).statistics).toMatchObject({ leases_served: 0, faults: 0 });
  });

  it('a silent lease for nothing, also where the chain has not suspended it yet', () => {
    const m = market({ resourceOrder: { due_per_block: 1 } });
    const resource = m.machine();
    const [first, second] = [m.rent(resource), m.rent(resource)];
    m.advance(5n * MINUTE);
    m.beat(first, second);
    m.advance(10n * MINUTE);
    expect(m.lease(second).status.type).toBe('Active');
    m.ok(ALICE, m.resourceOrder.terminate_lease, { lease: second });
    const said = m.said('ResourceOrder');
    expect(said).toEqual(['LeaseSuspended', 'LeaseSuspended', 'LeaseClosed']);
    expect(m.lease(second).paid).toBe(PRICE / 12n);
    expect(m.resource(resource).statistics).toMatchObject({ leases_served: 0, faults: 0 });
  });

  it('and pays no notice for the time of maintenance', () => {
    const m = market();
    const resource = m.machine();
    const id = m.rent(resource, { hours: 48 });
    const from = m.chain.ctx.now + DAY;
    m.ok(BOB, m.provider.announce_maintenance, { resource, from, to: from + 2n * HOUR });
    for (let beat = 0; beat < 288; beat += 1) {
      m.advance(5n * MINUTE);
      m.beat(id);
    }
    m.advance(MINUTE);
    m.ok(ALICE, m.resourceOrder.terminate_lease, { lease: id });
    expect(m.lease(id).paid).toBe(24n * PRICE);
    expect(m.resource(resource).statistics.hours_served).toBe(24n);
  });
});

describe('the provider leaves', () => {
  it('and gives back the rest with a quarter of the collateral', () => {
    const m = market();
    const id = m.rent(m.machine());
    m.advance(5n * MINUTE);
    m.beat(id);
    m.advance(5n * MINUTE);
    m.ok(BOB, m.resourceOrder.terminate_lease, { lease: id });
    const [paid, penalty] = [PRICE / 12n, ESCROW / 4n];
    expect(m.lease(id)).toMatchObject({
      ...{ status: { type: 'Terminated' }, closed: { reason: { type: 'TerminatedByProvider' } } },
      ...{ paid, refunded: ESCROW - paid, escrow: 0n },
    });
    expect(m.free(ALICE)).toBe(RICH - paid + penalty);
    expect(m.ledger(BOB)).toEqual({ active: 20_000n * HAM - penalty, locked: 0n, unbonding: [] });
    expect(m.resource(1n).statistics).toMatchObject({ leases_served: 0, faults: 0 });
  });

  it('for the full price of a fault, where it was silent for so long', () => {
    const m = market();
    const id = m.rent(m.machine());
    m.advance(30n * MINUTE);
    m.refuses(BOB, m.resourceOrder.terminate_lease, { lease: id }, errors.LeaseNotLive);
    expect(m.free(ALICE)).toBe(RICH + ESCROW);
  });
});

describe('nobody else', () => {
  it('ends a lease, and nobody ends it twice', () => {
    const m = market();
    const id = m.rent(m.machine());
    const { terminate_lease: terminate, settle } = m.resourceOrder;
    m.refuses(CHARLIE, terminate, { lease: id }, errors.NotParty);
    m.refuses(ALICE, terminate, { lease: 9n }, errors.LeaseNotFound);
    m.refuses(ALICE, settle, { lease: 9n }, errors.LeaseNotFound);
    m.ok(ALICE, terminate, { lease: id });
    m.refuses(ALICE, terminate, { lease: id }, errors.LeaseNotLive);
    m.refuses(BOB, terminate, { lease: id }, errors.LeaseNotLive);
    m.refuses(CHARLIE, settle, { lease: id }, errors.LeaseNotLive);
  });

  it('lesson 6: moves money by settling, however often', () => {
    const m = market();
    const id = m.rent(m.machine());
    m.advance(5n * MINUTE);
    m.beat(id);
    const before = m.lease(id);
    m.ok(CHARLIE, m.resourceOrder.settle, { lease: id });
    m.ok(CHARLIE, m.resourceOrder.settle, { lease: id });
    expect(m.lease(id)).toEqual(before);
  });
});
