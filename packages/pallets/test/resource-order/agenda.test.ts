import { badOrigin, ROOT } from '@hamster/frame';
import { assertNoop } from '@hamster/frame/testing';
import { describe, expect, it } from 'vitest';

import { errors } from '../../src/resource-order/errors.ts';
import { DEV_PARAMETERS, PUBLIC_PARAMETERS } from '../../src/resource-order/parameters.ts';
import { Leases, Orders } from '../../src/resource-order/storage.ts';
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

  it('forgets orders that became no lease', () => {
    const m = market();
    const id = m.order(m.machine());
    m.advance(10n * MINUTE);
    m.advance(30n * DAY - 1n);
    expect(Orders.has(m.chain.ctx, id)).toBe(true);
    m.advance(1n);
    expect(Orders.has(m.chain.ctx, id)).toBe(false);
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
