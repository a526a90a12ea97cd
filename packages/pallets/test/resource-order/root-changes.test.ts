import { describe, expect, it } from 'vitest';

import { PUBLIC_PARAMETERS as COURT } from '../../src/arbitration/parameters.ts';
import { Disputes } from '../../src/arbitration/storage.ts';
import { PUBLIC_PARAMETERS as STAKES } from '../../src/provider/parameters.ts';
import { PUBLIC_PARAMETERS as ORDERS } from '../../src/resource-order/parameters.ts';
import { account, ALICE, BOB, DAY, HAM, HOST_KEY, HOUR, MINUTE, POTS, PRICE } from '../market/fixtures.ts';
import { market, type Market } from '../market/market.ts';

const change = (m: Market, changes: Partial<typeof ORDERS>): void =>
  m.asRoot(m.resourceOrder.set_parameters, { parameters: { ...ORDERS, ...changes } });

/** Reports as often as a provider does. */
const serve = (m: Market, lease: bigint, time: bigint): void => {
  for (let gone = 0n; gone < time; gone += 5n * MINUTE) {
    m.advance(5n * MINUTE);
    m.beat(lease);
  }
};

describe('root changes the rules in the middle of a lease', () => {
  it('and it keeps its price, its end and its collateral, whatever an hour is and a lease may last', () => {
    const m = market();
    const id = m.rent(m.machine());
    const { price_per_hour, ends_at, collateral } = m.lease(id);
    change(m, { hour: 2n * HOUR, max_hours: 1, collateral_hours_max: 1, min_cpu_cores: 99 });
    serve(m, id, HOUR);
    expect(m.lease(id)).toMatchObject({ price_per_hour, ends_at, collateral, paid: PRICE });
    change(m, { hour: HOUR / 2n, collateral_hours_max: 1 });
    serve(m, id, HOUR);
    expect(m.lease(id)).toMatchObject({ price_per_hour, ends_at, collateral, paid: 2n * PRICE });
  });

  it.each([HOUR / 6n, 6n * HOUR])(
    'and hours that are added do not change what the others cost: of %i ms',
    (hour) => {
      const m = market();
      const id = m.rent(m.machine());
      serve(m, id, HOUR);
      change(m, { hour });
      const more = { lease: id, hours: 10, max_price_per_hour: PRICE };
      m.ok(ALICE, m.resourceOrder.extend_lease, more);
      m.ok(ALICE, m.resourceOrder.extend_lease, more);
      expect(m.lease(id).later).toMatchObject([{ price_per_hour: PRICE, escrow: 20n * PRICE }]);
      serve(m, id, HOUR);
      expect(m.lease(id).paid).toBe(2n * PRICE);
      serve(m, id, 8n * HOUR + hour);
      expect(m.lease(id).paid).toBe(11n * PRICE);
    },
  );

  it('and no hour is so short that more is locked for a lease than what is left of its rent', () => {
    const m = market();
    const id = m.rent(m.machine());
    change(m, { hour: HOUR / 4n });
    m.beat(id);
    expect(m.lease(id)).toMatchObject({ collateral: 10n * PRICE, escrow: 10n * PRICE });
  });

  it('and a longer bound of collateral counts with the next report, as far as there is free stake', () => {
    const m = market({ resourceOrder: { collateral_hours_max: 2 } });
    const id = m.rent(m.machine());
    expect(m.lease(id).collateral).toBe(2n * PRICE);
    change(m, { collateral_hours_max: 5 });
    expect(m.lease(id).collateral).toBe(2n * PRICE);
    m.beat(id);
    expect(m.lease(id).collateral).toBe(5n * PRICE);
  });

  it('and other fees are taken of the rent that is paid from then on, and of no other', () => {
    const m = market();
    const id = m.rent(m.machine());
    const treasury = m.free(POTS.treasury);
    serve(m, id, HOUR);
    expect(m.free(POTS.treasury) - treasury).toBe(PRICE / 100n);
    change(m, { fee_treasury: 20_000 });
    serve(m, id, HOUR);
    expect(m.free(POTS.treasury) - treasury).toBe((3n * PRICE) / 100n);
    change(m, { fee_treasury: 0 });
    serve(m, id, HOUR);
    // What is left over of the other parts is the treasury's, less than a planck of each at every payment.
    expect(m.free(POTS.treasury) - treasury - (3n * PRICE) / 100n).toBeLessThanOrEqual(2n * 12n);
  });

  it('and shorter limits of silence hold for it at once', () => {
    const m = market();
    const id = m.rent(m.machine());
    m.advance(12n * MINUTE);
    expect(m.lease(id).status.type).toBe('Suspended');
    change(m, { heartbeat_interval: MINUTE, suspend_after: 2n * MINUTE, fault_after: 5n * MINUTE });
    m.ok(ALICE, m.resourceOrder.settle, { lease: id });
    expect(m.lease(id).closed?.reason.type).toBe('ProviderFault');
  });
});

describe('root changes the rules in the meantime', () => {
  it.each([HOUR / 6n, 6n * HOUR])(
    'and an order lasts as long as its renter was told: hours of %i ms',
    (hour) => {
      const m = market();
      const order = m.order(m.machine());
      change(m, { hour });
      m.ok(BOB, m.resourceOrder.accept_order, { order, ssh_host_key: HOST_KEY });
      const { started_at, ends_at } = m.lease(order);
      expect(ends_at - started_at).toBe(10n * HOUR);
    },
  );

  it('and an order has its answer in time, at its price', () => {
    const m = market();
    const order = m.order(m.machine());
    const before = m.orderAt(order);
    change(m, { order_timeout: MINUTE, max_hours: 1, min_disk_gib: 99 });
    m.advance(9n * MINUTE);
    expect(m.orderAt(order)).toEqual(before);
    m.ok(BOB, m.resourceOrder.accept_order, { order, ssh_host_key: HOST_KEY });
    expect(m.lease(order)).toMatchObject({ price_per_hour: PRICE, escrow: 10n * PRICE });
  });

  it('and a dispute has its deposit and its windows, stake its moment', () => {
    const m = market();
    const id = m.rent(m.machine());
    m.ok(BOB, m.provider.unstake, { amount: HAM });
    m.ok(ALICE, m.arbitration.open_dispute, {
      ...{ lease: id, claim: { type: 'Unreachable' }, evidence_hash: account(0) },
    });
    const [before, stake] = [Disputes.get(m.chain.ctx, 1n), m.ledger(BOB)];
    const longer = { min_deposit: 99n * HAM, commit_period: 9n * HOUR, reveal_period: 9n * HOUR };
    m.asRoot(m.arbitration.set_parameters, { parameters: { ...COURT, ...longer } });
    m.asRoot(m.provider.set_parameters, { parameters: { ...STAKES, unbonding: 99n * DAY } });
    m.advance(HOUR - 1n);
    expect(Disputes.get(m.chain.ctx, 1n)).toEqual(before);
    m.advance(1n);
    expect(Disputes.get(m.chain.ctx, 1n)?.status.type).toBe('Decided');
    expect(m.held('DisputeDeposit', ALICE)).toBe(0n);
    expect(m.ledger(BOB)).toEqual(stake);
    m.advance(7n * DAY);
    m.ok(BOB, m.provider.withdraw_unbonded, {});
  });
});
