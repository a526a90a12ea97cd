import { signedBy } from '@hamster/frame';
import { describe, expect, it } from 'vitest';

import type { Report } from '../../src/resource-order/types.ts';
import { ALICE, BOB, CHARLIE, MINUTE, SECOND } from '../market/fixtures.ts';
import { market, type Market, report } from '../market/market.ts';

const isUrgent = (m: Market, reports: readonly Report[], who = BOB): boolean =>
  m.chain.composition.isUrgent(m.chain.ctx, signedBy(who), {
    type: 'ResourceOrder',
    value: { type: 'heartbeat', value: { reports } },
  });

const rentSome = (m: Market, count: number): bigint[] => {
  const spec = { cpu_cores: 1, memory_mib: 64, disk_gib: 1 };
  return Array.from({ length: count }, () => m.rent(1n, { spec }));
};

const tiny = (lease: bigint): Report => ({ ...report(lease), cpu_cores: 1, memory_mib: 64, disk_gib: 1 });

describe('a heartbeat has a place in the block that others cannot take', () => {
  it('half an interval after the one before, and not again until the next half', () => {
    const m = market();
    const id = m.rent(m.machine());
    expect(isUrgent(m, [report(id)])).toBe(false);
    m.advance(150n * SECOND - 1n);
    expect(isUrgent(m, [report(id)])).toBe(false);
    m.advance(1n);
    expect(isUrgent(m, [report(id)])).toBe(true);
    m.beat(id);
    expect(isUrgent(m, [report(id)])).toBe(false);
  });

  it('if it says something that counts, of the sender’s own leases', () => {
    const m = market();
    const id = m.rent(m.machine());
    m.advance(5n * MINUTE);
    for (const reports of [
      [],
      [report(99n)],
      [report(id), report(id)],
      [{ ...report(id), running: false }],
      [{ ...report(id), disk_gib: 9 }],
    ]) {
      expect(isUrgent(m, reports)).toBe(false);
    }
    expect([ALICE, CHARLIE].map((who) => isUrgent(m, [report(id)], who))).toEqual([false, false]);
    m.ok(ALICE, m.resourceOrder.terminate_lease, { lease: id });
    expect(isUrgent(m, [report(id)])).toBe(false);
  });

  it('while the machine is suspended, so that it can come back, but not once the lease is over', () => {
    const m = market();
    const id = m.rent(m.machine());
    m.advance(29n * MINUTE);
    expect([m.lease(id).status.type, isUrgent(m, [report(id)])]).toEqual(['Suspended', true]);
    m.chain.advance(MINUTE);
    expect([m.lease(id).status.type, isUrgent(m, [report(id)])]).toEqual(['Faulted', false]);
  });

  it('with four reports beside the one that is due, or as many as are due', () => {
    const m = market();
    m.machine();
    const due = rentSome(m, 1);
    m.advance(5n * MINUTE);
    const fresh = rentSome(m, 5);
    const reports = [...due, ...fresh].map(tiny);
    expect(isUrgent(m, reports.slice(0, 5))).toBe(true);
    expect(isUrgent(m, reports)).toBe(false);
    // Unknown ones count as beside.
    expect(isUrgent(m, [...reports.slice(0, 5), tiny(99n)])).toBe(false);
  });

  it('unless one of its reports would make it fail: it could be sent for ever', () => {
    const m = market();
    const mine = m.rent(m.machine());
    m.ok(CHARLIE, m.provider.stake, { amount: 10_000n * 10n ** 12n });
    const { capacity, ...machine } = m.resource(1n);
    m.ok(CHARLIE, m.provider.register_resource, { ...machine, capacity });
    const theirs = m.order(2n);
    const { ssh_public_key: ssh_host_key } = m.orderAt(theirs);
    m.ok(CHARLIE, m.resourceOrder.accept_order, { order: theirs, ssh_host_key });
    m.advance(5n * MINUTE);
    expect(isUrgent(m, [report(mine), report(theirs)])).toBe(false);
  });

  it('never inside of a batch, which could hold the same one again and again', () => {
    const m = market();
    const id = m.rent(m.machine());
    m.advance(5n * MINUTE);
    const inner = { type: 'ResourceOrder', value: { type: 'heartbeat', value: { reports: [report(id)] } } };
    const batch = { type: 'Utility', value: { type: 'batch', value: { calls: [inner] } } };
    const { composition, ctx } = m.chain;
    expect(composition.infoOf(batch).class.type).toBe('Operational');
    expect(composition.isUrgent(ctx, signedBy(BOB), batch)).toBe(false);
  });

  it('not in maintenance, in which silence is none', () => {
    const m = market();
    const resource = m.machine();
    const id = m.rent(resource, { hours: 100 });
    const from = m.chain.ctx.now + 24n * 60n * MINUTE;
    m.ok(BOB, m.provider.announce_maintenance, { resource, from, to: from + 60n * MINUTE });
    while (m.chain.ctx.now < from) {
      m.beat(id);
      m.advance(5n * MINUTE);
    }
    m.beat(id);
    m.advance(30n * MINUTE);
    expect(isUrgent(m, [report(id)])).toBe(false);
  });
});

describe('a gateway’s heartbeat has such a place', () => {
  const beats = (m: Market, who = BOB): boolean =>
    m.chain.composition.isUrgent(m.chain.ctx, signedBy(who), {
      type: 'Gateway',
      value: { type: 'heartbeat' },
    });

  it('half an interval after the one before, as long as it is not too late', () => {
    const m = market();
    const { peer_id, region } = m.resource(m.machine());
    const multiaddrs = [new TextEncoder().encode('/ip4/198.51.100.7/tcp/4001')];
    m.ok(BOB, m.gateway.register, { peer_id, region, multiaddrs, stake: 1_000n * 10n ** 12n });
    m.advance(150n * SECOND - 1n);
    expect(beats(m)).toBe(false);
    m.advance(1n);
    expect([beats(m), beats(m, ALICE)]).toEqual([true, false]);
    m.ok(BOB, m.gateway.heartbeat, {});
    expect(beats(m)).toBe(false);
    m.advance(15n * MINUTE);
    expect(beats(m)).toBe(false);
  });
});
