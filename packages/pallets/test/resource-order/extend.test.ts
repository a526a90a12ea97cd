import { tokenFailure } from '@hamster/frame';
import { describe, expect, it } from 'vitest';

import { errors } from '../../src/resource-order/errors.ts';
import { ALICE, BOB, CHARLIE, DAY, HAM, HOUR, MINUTE, PRICE, PRICES } from '../market/fixtures.ts';
import { market, type Market } from '../market/market.ts';

const ESCROW = 10n * PRICE;
const RICH = 1_000_000n * HAM;
const more = (lease: bigint, hours = 5) => ({ lease, hours, max_price_per_hour: PRICE });

const serveToEnd = (m: Market, lease: bigint): void => {
  while (m.lease(lease).closed === undefined) {
    m.beat(lease);
    m.advance(5n * MINUTE);
  }
};

describe('a longer lease', () => {
  it('costs the present price, and ends later', () => {
    const m = market();
    const id = m.rent(m.machine());
    const { ends_at } = m.lease(id);
    m.ok(ALICE, m.resourceOrder.extend_lease, more(id));
    expect(m.lease(id)).toMatchObject({
      ...{ escrow: ESCROW + 5n * PRICE, ends_at: ends_at + 5n * HOUR, price_per_hour: PRICE },
      collateral: ESCROW,
    });
    expect(m.chain.events().at(-1)?.[2]).toEqual({ lease: id, hours: 5, ends_at: ends_at + 5n * HOUR });
    m.beat(id);
    expect(m.lease(id).collateral).toBe(15n * PRICE);
    serveToEnd(m, id);
    expect(m.lease(id)).toMatchObject({ paid: 15n * PRICE, closed: { at: ends_at + 5n * HOUR } });
  });

  it('lesson 5: paid by somebody else never costs the renter', () => {
    const m = market();
    const id = m.rent(m.machine());
    const renter = m.free(ALICE);
    m.ok(CHARLIE, m.resourceOrder.extend_lease, more(id));
    expect(m.free(CHARLIE)).toBe(RICH - 5n * PRICE);
    expect(m.free(ALICE)).toBe(renter);
    expect(m.held('LeaseEscrow', ALICE)).toBe(ESCROW + 5n * PRICE);
    m.ok(ALICE, m.resourceOrder.terminate_lease, { lease: id });
    expect(m.free(ALICE)).toBe(renter + ESCROW + 5n * PRICE - PRICE);
  });

  it('is no gift to a renter whose account is gone: it could hold nothing', () => {
    const m = market();
    const resource = m.machine();
    const nothing = { cpu_core_hour: 0n, memory_gib_hour: 0n, disk_gib_hour: 0n };
    m.ok(BOB, m.provider.update_prices, { resource, prices: nothing });
    const id = m.rent(resource);
    const dest = { type: 'Id', value: CHARLIE } as const;
    m.ok(ALICE, m.balances.transfer_all, { dest, keep_alive: false });
    m.ok(CHARLIE, m.resourceOrder.extend_lease, more(id));
    m.ok(BOB, m.provider.update_prices, { resource, prices: PRICES });
    const refused = () => tokenFailure('CannotCreateHold');
    m.refuses(CHARLIE, m.resourceOrder.extend_lease, more(id), refused);
  });

  it('at another price leaves the agreed hours at theirs', () => {
    const m = market();
    const resource = m.machine();
    const id = m.rent(resource);
    const agreed = m.lease(id).ends_at;
    const reprice = (more: bigint): void => {
      const prices = { ...PRICES, disk_gib_hour: PRICES.disk_gib_hour + more };
      m.ok(BOB, m.provider.update_prices, { resource, prices });
    };
    reprice(HAM);
    m.refuses(ALICE, m.resourceOrder.extend_lease, more(id, 10), errors.PriceTooHigh);
    m.ok(ALICE, m.resourceOrder.extend_lease, { ...more(id, 10), max_price_per_hour: 35n * HAM });
    expect(m.lease(id)).toMatchObject({ price_per_hour: PRICE, escrow: 600n * HAM });
    while (m.chain.ctx.now < agreed) {
      m.advance(5n * MINUTE);
      m.beat(id);
    }
    expect(m.lease(id)).toMatchObject({ paid: ESCROW, price_per_hour: 35n * HAM, later: [] });
    serveToEnd(m, id);
    expect(m.lease(id)).toMatchObject({ paid: 600n * HAM, refunded: 0n });
  });

  it('at a lower price does not make the agreed hours cheaper for a renter who then leaves', () => {
    const m = market();
    const resource = m.machine();
    const id = m.rent(resource);
    m.ok(BOB, m.provider.update_prices, { resource, prices: { ...PRICES, cpu_core_hour: 0n } });
    m.ok(ALICE, m.resourceOrder.extend_lease, more(id, 1_000));
    for (let minutes = 0; minutes < 9 * 60; minutes += 5) {
      m.advance(5n * MINUTE);
      m.beat(id);
    }
    m.ok(ALICE, m.resourceOrder.terminate_lease, { lease: id });
    expect(m.lease(id)).toMatchObject({ paid: ESCROW, refunded: 5_000n * HAM, later: [] });
  });

  it('may have eight other prices ahead of it, and at the last of them any number of hours', () => {
    const m = market();
    const resource = m.machine();
    const id = m.rent(resource);
    const extend = { ...more(id, 1), max_price_per_hour: 200n * HAM };
    const reprice = (ham: bigint): void =>
      m.ok(BOB, m.provider.update_prices, { resource, prices: { ...PRICES, disk_gib_hour: ham * HAM } });
    for (let price = 1n; price <= 8n; price += 1n) {
      reprice(price);
      m.ok(ALICE, m.resourceOrder.extend_lease, extend);
      m.ok(CHARLIE, m.resourceOrder.extend_lease, extend);
    }
    expect(m.lease(id).later).toHaveLength(8);
    reprice(9n);
    m.refuses(ALICE, m.resourceOrder.extend_lease, extend, errors.TooManyPrices);
    m.advance(5n * MINUTE);
    const { escrow } = m.lease(id);
    serveToEnd(m, id);
    expect(m.lease(id)).toMatchObject({ paid: escrow, refunded: 0n, later: [] });
  });

  it('is secured better, as far as the stake allows', () => {
    const m = market();
    const id = m.rent(m.machine(300n * HAM));
    m.ok(ALICE, m.resourceOrder.extend_lease, more(id, 100));
    m.beat(id);
    expect(m.lease(id).collateral).toBe(300n * HAM);
    expect(m.ledger(BOB)).toMatchObject({ active: 300n * HAM, locked: 300n * HAM });
    // More stake, and the next report secures more with it.
    m.ok(BOB, m.provider.stake, { amount: 50n * HAM });
    m.advance(5n * MINUTE);
    m.beat(id);
    expect(m.lease(id).collateral).toBe(350n * HAM);
  });

  it('costs a provider whose machine is dead by then no more than before', () => {
    const m = market();
    const id = m.rent(m.machine());
    m.advance(9n * MINUTE);
    m.ok(ALICE, m.resourceOrder.extend_lease, more(id, 1_000));
    const renter = m.free(ALICE);
    m.advance(21n * MINUTE);
    expect(m.lease(id).closed?.reason.type).toBe('ProviderFault');
    expect(m.free(ALICE) - renter).toBe(ESCROW + 1_000n * PRICE + ESCROW);
    expect(m.ledger(BOB)).toMatchObject({ active: 20_000n * HAM - ESCROW, locked: 0n });
  });

  it('keeps the offer from ending under it', () => {
    const m = market();
    const resource = m.machine();
    const id = m.rent(resource);
    m.ok(ALICE, m.resourceOrder.extend_lease, more(id));
    m.chain.advance(MINUTE);
    const until = m.lease(id).ends_at - 1n;
    const result = () => m.ok(BOB, m.provider.set_available_until, { resource, until });
    expect(result).toThrow(/lasts longer/);
  });

  it('is refused where it is too long, dear, late, or not offered', () => {
    const m = market();
    const resource = m.machine();
    const id = m.rent(resource);
    const extend = m.resourceOrder.extend_lease;
    m.refuses(ALICE, extend, more(9n), errors.LeaseNotFound);
    m.refuses(ALICE, extend, more(id, 0), errors.HoursOutOfRange);
    m.refuses(ALICE, extend, more(id, 8751), errors.HoursOutOfRange);
    m.refuses(ALICE, extend, more(id, 2 ** 32 - 1), errors.HoursOutOfRange);
    m.refuses(ALICE, extend, more(id, 24 * 300), errors.OfferEndsTooSoon);
    m.refuses(ALICE, extend, { ...more(id), max_price_per_hour: PRICE - 1n }, errors.PriceTooHigh);
    m.ok(BOB, m.provider.set_status, { resource, status: { type: 'Draining' } });
    m.refuses(ALICE, extend, more(id), errors.ResourceNotOffered);
    m.ok(BOB, m.provider.set_status, { resource, status: { type: 'Online' } });
    const prices = { ...PRICES, cpu_core_hour: 200_000n * HAM };
    m.ok(BOB, m.provider.update_prices, { resource, prices });
    const dear = { ...more(id), max_price_per_hour: 2n ** 128n - 1n };
    m.refuses(CHARLIE, extend, dear, errors.InsufficientBalance);
  });

  it('is refused while the machine is silent, and after the end', () => {
    const m = market();
    const resource = m.machine();
    const id = m.rent(resource);
    m.advance(10n * MINUTE);
    m.refuses(ALICE, m.resourceOrder.extend_lease, more(id), errors.LeaseNotActive);
    m.advance(DAY);
    m.refuses(ALICE, m.resourceOrder.extend_lease, more(id), errors.LeaseNotLive);
  });
});
