import { describe, expect, it } from 'vitest';

import { errors } from '../../src/resource-order/errors.ts';
import { MAX_REPORTS } from '../../src/resource-order/types.ts';
import { ALICE, BOB, CHARLIE, MINUTE, PRICE, SMALL } from '../market/fixtures.ts';
import { market, report } from '../market/market.ts';

describe('a heartbeat', () => {
  it('carries reports of many leases', () => {
    const m = market();
    const resource = m.machine();
    const leases = [m.rent(resource), m.rent(resource), m.rent(resource)];
    m.advance(5n * MINUTE);
    m.beat(...leases);
    for (const id of leases)
      expect(m.lease(id)).toMatchObject({ paid: PRICE / 12n, last_heartbeat: m.chain.ctx.now });
    expect(m.chain.events().at(-1)).toEqual([
      'ResourceOrder',
      'HeartbeatReceived',
      { provider: BOB, leases: 3 },
    ]);
  });

  it('pays a stretch once, however often it is sent', () => {
    const m = market();
    const id = m.rent(m.machine());
    m.advance(5n * MINUTE);
    m.beat(id, id);
    m.beat(id);
    expect(m.lease(id).paid).toBe(PRICE / 12n);
  });

  it('tells of how many leases it was, not how often it reported them', () => {
    const m = market();
    const resource = m.machine();
    const [one, other] = [m.rent(resource), m.rent(resource)];
    m.advance(5n * MINUTE);
    m.beat(one, other, one, one);
    expect(m.chain.events().at(-1)?.[2]).toEqual({ provider: BOB, leases: 2 });
  });

  it.each([
    ['few cores', { cpu_cores: SMALL.cpu_cores - 1 }],
    ['little memory', { memory_mib: SMALL.memory_mib - 1 }],
    ['a small disk', { disk_gib: SMALL.disk_gib - 1 }],
    ['a machine that does not run', { running: false }],
  ])('lesson 16: of %s counts as silence, and is told', (_, wrong) => {
    const m = market();
    const id = m.rent(m.machine());
    for (let beat = 0; beat < 2; beat += 1) {
      m.advance(5n * MINUTE);
      m.ok(BOB, m.resourceOrder.heartbeat, { reports: [{ ...report(id), ...wrong }] });
      expect(m.said('ResourceOrder').slice(-2)).toEqual(['UnderDelivered', 'HeartbeatReceived']);
      expect(m.chain.events().at(-1)?.[2]).toEqual({ provider: BOB, leases: 0 });
    }
    expect(m.lease(id)).toMatchObject({ paid: 0n, status: { type: 'Suspended' } });
  });

  it('counts where the machine is larger than agreed', () => {
    const m = market();
    const id = m.rent(m.machine());
    m.advance(5n * MINUTE);
    m.ok(BOB, m.resourceOrder.heartbeat, { reports: [{ ...report(id), memory_mib: 4096 }] });
    expect(m.lease(id).paid).toBe(PRICE / 12n);
  });

  it('lesson 7: passes over what has ended, and counts the rest', () => {
    const m = market();
    const resource = m.machine();
    const [ended, running] = [m.rent(resource), m.rent(resource)];
    m.ok(ALICE, m.resourceOrder.terminate_lease, { lease: ended });
    const pending = m.order(resource);
    m.advance(5n * MINUTE);
    m.beat(99n, ended, pending, running);
    expect(m.chain.events().at(-1)?.[2]).toEqual({ provider: BOB, leases: 1 });
    expect(m.lease(running).paid).toBe(PRICE / 12n);
  });

  it('is refused for the lease of somebody else, and when it is too long', () => {
    const m = market();
    const id = m.rent(m.machine());
    m.refuses(CHARLIE, m.resourceOrder.heartbeat, { reports: [report(id)] }, errors.NotProvider);
    m.refuses(ALICE, m.resourceOrder.heartbeat, { reports: [report(id)] }, errors.NotProvider);
    const reports = Array.from({ length: MAX_REPORTS + 1 }, () => report(id));
    m.refuses(BOB, m.resourceOrder.heartbeat, { reports }, errors.TooManyReports);
  });

  it('costs weight by its length', () => {
    const m = market();
    const weight = (count: number): bigint => {
      const reports = Array.from({ length: count }, () => report(1n));
      return m.resourceOrder.heartbeat.weight?.({ reports }).ref_time ?? 0n;
    };
    expect(weight(64)).toBeGreaterThan(30n * weight(1));
  });
});
