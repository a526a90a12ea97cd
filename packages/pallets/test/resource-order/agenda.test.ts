import { badOrigin, ROOT, type TaskKey } from '@hamster/frame';
import { assertNoop } from '@hamster/frame/testing';
import { describe, expect, it } from 'vitest';

import { errors } from '../../src/resource-order/errors.ts';
import { DEV_PARAMETERS, PUBLIC_PARAMETERS } from '../../src/resource-order/parameters.ts';
import { Agenda, Closing, Leases, Orders } from '../../src/resource-order/storage.ts';
import type { LeaseStatus } from '../../src/resource-order/types.ts';
import { ALICE, BOB, DAY, HAM, HOUR, MINUTE } from '../market/fixtures.ts';
import { market, type Market, offer } from '../market/market.ts';

const LARGE = { cpu_cores: 250, memory_mib: 16_000, disk_gib: 250, gpus: 0 };
const CHEAP = { cpu_core_hour: HAM / 100n, memory_gib_hour: 0n, disk_gib_hour: 0n };
const TINY = { cpu_cores: 1, memory_mib: 64, disk_gib: 1 };

/** So many leases of one hour that all end in the same moment, on as many machines as it takes. */
const rentMany = (m: Market, count: number): bigint[] => {
  m.ok(BOB, m.provider.stake, { amount: 900_000n * HAM });
  const leases: bigint[] = [];
  for (let resource = 1n; leases.length < count; resource += 1n) {
    m.ok(BOB, m.provider.register_resource, { ...offer(m.chain.ctx.now), capacity: LARGE, prices: CHEAP });
    for (let slice = 0; slice < 250 && leases.length < count; slice += 1) {
      leases.push(m.rent(resource, { spec: TINY, hours: 1 }));
    }
  }
  return leases;
};

const countBy = (m: Market, status: LeaseStatus['type']): number =>
  [...Leases.entries(m.chain.ctx)].filter(([, lease]) => lease.status.type === status).length;

describe('the agenda', () => {
  it(
    'lesson 1: ends two thousand leases of one moment, over as many blocks as the bound needs',
    { timeout: 120_000 },
    () => {
      const m = market({ resourceOrder: { suspend_after: 2n * HOUR, fault_after: 3n * HOUR } });
      rentMany(m, 2000);
      m.chain.advance(HOUR);
      const perBlock = [countBy(m, 'Finished')];
      while (countBy(m, 'Finished') < 2000) {
        const before = countBy(m, 'Finished');
        m.chain.advance(1_000n);
        perBlock.push(countBy(m, 'Finished') - before);
      }
      expect(perBlock).toEqual([512, 512, 512, 464]);
      m.advance(1_000n);
      expect(m.held('LeaseEscrow', ALICE)).toBe(0n);
      expect(m.ledger(BOB).locked).toBe(0n);
      // Late or not, each is paid until its end and no further.
      expect([...Leases.entries(m.chain.ctx)].every(([, lease]) => lease.paid === HAM / 100n)).toBe(true);
    },
  );

  it('lesson 14: does nothing in a block in which nothing is due', () => {
    const m = market();
    m.rent(m.machine());
    m.advance(MINUTE);
    const before = [...m.chain.state.entries()].length;
    m.advance(MINUTE);
    expect(m.chain.events()).toEqual([]);
    expect([...m.chain.state.entries()].length).toBe(before);
  });

  it('lesson 7: comes back to a task that fails, and does the others meanwhile', () => {
    const m = market();
    const resource = m.machine();
    const [broken, fine] = [m.order(resource), m.order(resource)];
    const order = m.orderAt(broken);
    Orders.put(m.chain.ctx, broken, { ...order, escrow: 2n ** 100n });
    m.chain.advance(10n * MINUTE);
    expect(m.orderAt(fine).status.type).toBe('Expired');
    expect(m.orderAt(broken).status.type).toBe('Pending');
    expect(m.chain.faults.length).toBe(1);
    Orders.put(m.chain.ctx, broken, order);
    m.chain.advance(10n * MINUTE);
    expect(m.orderAt(broken).status.type).toBe('Expired');
    expect(m.held('LeaseEscrow', ALICE)).toBe(0n);
  });

  it('forgets orders that became no lease after a day, and leases after a month', () => {
    const m = market();
    const resource = m.machine();
    const lease = m.rent(resource);
    m.ok(ALICE, m.resourceOrder.terminate_lease, { lease });
    const [expired, cancelled, rejected] = [m.order(resource), m.order(resource), m.order(resource)];
    m.ok(ALICE, m.resourceOrder.cancel_order, { order: cancelled });
    m.ok(BOB, m.resourceOrder.reject_order, { order: rejected, reason: new Uint8Array() });
    const known = () => [expired, cancelled, rejected, lease].filter((id) => Orders.has(m.chain.ctx, id));
    m.advance(10n * MINUTE);
    m.advance(DAY - 10n * MINUTE - 1n);
    expect(known()).toEqual([expired, cancelled, rejected, lease]);
    m.advance(1n);
    expect(known()).toEqual([expired, lease]);
    m.advance(10n * MINUTE);
    expect(known()).toEqual([lease]);
    m.advance(29n * DAY);
    expect(known()).toEqual([]);
    expect([...Closing.entries(m.chain.ctx)]).toEqual([]);
  });

  it('forgets no sooner for a chain that forgets leases within a day', () => {
    const m = market({ resourceOrder: { retention: HOUR } });
    const order = m.order(m.machine());
    m.ok(ALICE, m.resourceOrder.cancel_order, { order });
    m.advance(HOUR - 1n);
    expect(Orders.has(m.chain.ctx, order)).toBe(true);
    m.advance(1n);
    expect(Orders.has(m.chain.ctx, order)).toBe(false);
  });

  it('is not late with a lease for all that is to be forgotten', () => {
    const m = market({ resourceOrder: { due_per_block: 2, retention: 20n * MINUTE } });
    const resource = m.machine();
    const lease = m.rent(resource);
    for (let count = 0; count < 20; count += 1) {
      m.ok(ALICE, m.resourceOrder.cancel_order, { order: m.order(resource) });
    }
    // Silent since the beginning: a fault is due behind all of these, in a block that has room for two.
    m.chain.advance(30n * MINUTE);
    expect(m.lease(lease).closed?.reason.type).toBe('ProviderFault');
    expect([...Orders.entries(m.chain.ctx)]).toHaveLength(19);
    for (let block = 0; block < 9; block += 1) m.advance(1_000n);
    expect([...Orders.entries(m.chain.ctx)].map(([id]) => id)).toEqual([lease]);
  });

  it('still does what rules before 6 had put there: they forgot in the same agenda', () => {
    const m = market();
    const order = m.order(m.machine());
    m.ok(ALICE, m.resourceOrder.cancel_order, { order });
    const [[key]] = [...Closing.entries(m.chain.ctx)] as [[TaskKey, bigint]];
    Closing.cancel(m.chain.ctx, key);
    Agenda.schedule(m.chain.ctx, m.chain.ctx.now + HOUR, { type: 'Forget', value: order });
    m.advance(HOUR);
    expect(Orders.has(m.chain.ctx, order)).toBe(false);
  });
});

describe('the parameters', () => {
  it('are set by root, when the rules can work with them', () => {
    const m = market();
    const set = m.resourceOrder.set_parameters;
    m.refuses(ALICE, set, { parameters: DEV_PARAMETERS }, badOrigin);
    m.asRoot(set, { parameters: DEV_PARAMETERS });
    expect(m.parameters()).toEqual(DEV_PARAMETERS);
    const unsound = [
      { hour: 0n },
      { hour: 2n ** 60n },
      { heartbeat_interval: 0n },
      { fault_after: PUBLIC_PARAMETERS.suspend_after },
      { heartbeat_interval: 8n * MINUTE },
      { fee_gateways: 990_000, fee_treasury: 10_001 },
      { provider_terminate_penalty: 1_000_001 },
      { due_per_block: 0 },
      { min_cpu_cores: 0 },
      { min_memory_mib: 0 },
      { min_disk_gib: 0 },
      { notice_hours: 8761 },
      { suspend_after: PUBLIC_PARAMETERS.heartbeat_interval },
    ];
    for (const changes of unsound) {
      const parameters = { ...PUBLIC_PARAMETERS, ...changes };
      assertNoop(m.chain, () => m.chain.run(ROOT, set, { parameters }), errors.InvalidParameters);
    }
  });

  it('can not be wrong at genesis', () => {
    expect(() => market({ resourceOrder: { hour: 0n } })).toThrow(/resourceOrder\.parameters/);
    expect(() => market({ provider: { max_available: 0n } })).toThrow(/provider\.parameters/);
    expect(() => market({ gateway: { slash: 2_000_000 } })).toThrow(/gateway\.parameters/);
  });
});
