import { describe, expect, it } from 'vitest';

import type { Span } from '../../src/primitives/silence.ts';
import { ALICE, BOB, HAM, HOUR, MINUTE, PRICE } from '../market/fixtures.ts';
import { market } from '../market/market.ts';

const ESCROW = 10n * PRICE;

/** A lease of ten hours whose machine reports once, and a chain that may stop. */
const scene = () => {
  const standstills: Span[] = [];
  const m = market({ standstills });
  const id = m.rent(m.machine());
  m.advance(5n * MINUTE);
  m.beat(id);
  /** The next block comes after so long a time without any. */
  const outage = (length: bigint): void => {
    const from = m.chain.ctx.now;
    standstills.push({ from, to: from + length });
    m.advance(length);
  };
  return { m, id, outage };
};

describe('a chain that stood still', () => {
  it('faults nobody, and the first report behind it counts', () => {
    const { m, id, outage } = scene();
    outage(2n * HOUR);
    expect(m.lease(id).status.type).toBe('Active');
    m.advance(4n * MINUTE);
    m.beat(id);
    // Nine minutes are proven; the two hours go back.
    expect(m.lease(id)).toMatchObject({ paid: (PRICE * 9n) / 60n, refunded: 2n * PRICE });
  });

  it('gives no more time than it took', () => {
    const { m, id, outage } = scene();
    m.advance(5n * MINUTE);
    outage(HOUR);
    m.advance(5n * MINUTE);
    expect(m.lease(id).status.type).toBe('Suspended');
    m.advance(20n * MINUTE - 1n);
    expect(m.lease(id).status.type).toBe('Suspended');
    m.advance(1n);
    expect(m.lease(id)).toMatchObject({
      status: { type: 'Faulted' },
      closed: { reason: { type: 'ProviderFault' } },
    });
  });

  it('does not put off an end: what the machine served until then is paid', () => {
    const { m, id, outage } = scene();
    m.advance(5n * MINUTE);
    outage(20n * HOUR);
    const paid = (PRICE * 10n) / 60n;
    expect(m.lease(id)).toMatchObject({
      status: { type: 'Finished' },
      ...{ paid, refunded: ESCROW - paid, escrow: 0n, collateral: 0n },
    });
    expect(m.resource(1n).statistics).toMatchObject({ faults: 0, leases_served: 1 });
  });

  it('is no fault where it took all of a lease, of which nothing was served', () => {
    const { m, outage } = scene();
    const id = m.rent(1n);
    outage(20n * HOUR);
    expect(m.lease(id)).toMatchObject({ status: { type: 'Finished' }, paid: 0n, refunded: ESCROW });
    // The other lease had its five minutes.
    expect(m.resource(1n).statistics).toMatchObject({ faults: 0, leases_served: 1, hours_served: 0n });
  });

  it('lets a renter leave who pays nothing for it', () => {
    const { m, id, outage } = scene();
    outage(3n * HOUR);
    m.ok(ALICE, m.resourceOrder.terminate_lease, { lease: id });
    // Five minutes, and the hour of notice.
    expect(m.lease(id).paid).toBe((PRICE * 65n) / 60n);
  });

  it('stands beside maintenance, and neither counts twice', () => {
    const { m, id, outage } = scene();
    const from = m.chain.ctx.now + 24n * HOUR;
    m.ok(BOB, m.provider.announce_maintenance, { resource: 1n, from, to: from + 2n * HOUR });
    m.ok(ALICE, m.resourceOrder.extend_lease, { lease: id, hours: 40, max_price_per_hour: 25n * HAM });
    while (m.chain.ctx.now < from - 5n * MINUTE) {
      m.advance(5n * MINUTE);
      m.beat(id);
    }
    // Begins five minutes before the window, and ends in the middle of it.
    outage(65n * MINUTE);
    m.advance(HOUR);
    m.advance(10n * MINUTE - 1n);
    expect(m.lease(id).status.type).toBe('Active');
    m.advance(1n);
    expect(m.lease(id).status.type).toBe('Suspended');
  });

  it('is no missed order of the provider', () => {
    const { m, outage } = scene();
    m.order(1n);
    outage(HOUR);
    expect(m.orderAt(2n).status.type).toBe('Expired');
    expect(m.resource(1n).statistics.missed_orders).toBe(0);
    m.order(1n);
    m.advance(10n * MINUTE);
    expect(m.resource(1n).statistics.missed_orders).toBe(1);
  });
});
