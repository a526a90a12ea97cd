import { describe, expect, it } from 'vitest';

import { ALICE, BOB, DAY, HOUR, MINUTE, PRICE } from '../market/fixtures.ts';
import { market } from '../market/market.ts';
import { court, EVIDENCE } from './court.ts';

/** A lease of two days, served until a window of two hours begins, and silent in it until it is disputed. */
const disputedInMaintenance = (silent: bigint) => {
  const m = market();
  const lease = m.rent(m.machine(), { hours: 48 });
  const from = m.chain.ctx.now + DAY;
  const to = from + 2n * HOUR;
  m.ok(BOB, m.provider.announce_maintenance, { resource: 1n, from, to });
  while (m.chain.ctx.now < from) {
    m.advance(5n * MINUTE);
    m.beat(lease);
  }
  m.advance(silent);
  m.ok(ALICE, m.arbitration.open_dispute, {
    ...{ lease, claim: { type: 'Unreachable' }, evidence_hash: EVIDENCE },
  });
  // Nobody votes, so the lease goes on after the time to commit.
  m.advance(HOUR);
  return { ...m, id: lease, to, leaseNow: () => m.lease(lease) };
};

describe('a lease that was disputed in maintenance', () => {
  it('is no more silent afterwards than it was, although the window is over', () => {
    const c = disputedInMaintenance(90n * MINUTE);
    expect(c.leaseNow().status.type).toBe('Active');
    c.advance(10n * MINUTE - 1n);
    expect(c.leaseNow().status.type).toBe('Active');
    c.advance(1n);
    expect(c.leaseNow().status.type).toBe('Suspended');
  });

  it('costs nothing for the part of the window in which its clock ran, and is paid for all else', () => {
    const c = disputedInMaintenance(90n * MINUTE);
    c.advance(5n * MINUTE);
    c.beat(c.id);
    const half = PRICE / 2n;
    expect(c.leaseNow()).toMatchObject({
      paid: 24n * PRICE + PRICE / 12n,
      refunded: PRICE + half,
      status: { type: 'Active' },
    });
  });

  it('goes on in the window where the window lasts still', () => {
    const c = disputedInMaintenance(30n * MINUTE);
    c.advance(c.to - c.chain.ctx.now);
    c.advance(5n * MINUTE);
    c.beat(c.id);
    expect(c.leaseNow()).toMatchObject({
      paid: 24n * PRICE + PRICE / 12n,
      refunded: PRICE,
      status: { type: 'Active' },
    });
  });
});

describe('a lease that was disputed after a long silence', () => {
  it('leaves its provider the time of two beats before it is a fault', () => {
    const c = court();
    c.advance(30n * MINUTE - 1n);
    c.open();
    c.advance(HOUR);
    expect(c.leaseNow().status.type).toBe('Suspended');
    c.advance(5n * MINUTE);
    c.beat(c.lease);
    expect(c.leaseNow()).toMatchObject({ status: { type: 'Active' }, paid: 0n });
    expect(c.leaseNow().refunded).toBeGreaterThan(0n);
  });
});
