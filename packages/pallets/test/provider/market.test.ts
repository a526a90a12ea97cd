import { describe, expect, it } from 'vitest';

import { provider as module } from '../../src/index.ts';
import { countOutcome } from '../../src/provider/rules/outcome.ts';
import { MAX_SLICES } from '../../src/provider/types.ts';
import { BOB, CAPACITY, DAY, HAM, SMALL } from '../market/fixtures.ts';
import { market } from '../market/market.ts';

// 8 cores × 10 + 16 GiB × 2 + 200 GiB × 0.1
const NEEDED = 132n * HAM;

describe('the market', () => {
  it('offers a machine that is online, in its time, and backed by enough stake', () => {
    const { ok, provider, machine, chain, currency, advance } = market();
    const { offerOf } = module.providerServices({ currency }).market;
    const resource = machine(NEEDED);
    const isOffered = (): boolean => offerOf(chain.ctx, resource)?.isOffered ?? false;
    expect(isOffered()).toBe(true);
    ok(BOB, provider.unstake, { amount: 1n });
    expect(isOffered()).toBe(false);
    ok(BOB, provider.stake, { amount: 1n });
    ok(BOB, provider.set_status, { resource, status: { type: 'Draining' } });
    expect(isOffered()).toBe(false);
    ok(BOB, provider.set_status, { resource, status: { type: 'Online' } });
    ok(BOB, provider.update_capacity, { resource, capacity: { ...CAPACITY, disk_gib: 201 } });
    expect(isOffered()).toBe(false);
    ok(BOB, provider.update_capacity, { resource, capacity: CAPACITY });
    expect(isOffered()).toBe(true);
    advance(300n * DAY);
    expect(isOffered()).toBe(false);
    expect(offerOf(chain.ctx, 9n)).toBeUndefined();
  });

  it('counts how it went as far as a count can go, and then goes on without', () => {
    const most = 2 ** 32 - 1;
    const full = {
      ...{ leases_served: most, hours_served: 2n ** 64n - 1n, faults: most, last_fault: undefined },
      ...{ disputes_lost: most, missed_orders: most },
    };
    const outcomes = [
      { type: 'Missed' as const },
      ...(['Served', 'Abandoned', 'Fault', 'DisputeLost'] as const).map((type) => ({ type, hours: 1n })),
    ];
    for (const outcome of outcomes) {
      expect({ ...countOutcome(full, outcome, 5n), last_fault: undefined }).toEqual(full);
    }
  });

  it('cuts a machine into a bounded number of slices', () => {
    const { ok, provider, machine, chain, currency } = market();
    const { hasRoom, takeSlice } = module.providerServices({ currency }).market;
    const resource = machine();
    const capacity = { cpu_cores: 2 ** 32 - 1, memory_mib: 2 ** 32 - 1, disk_gib: 2 ** 32 - 1, gpus: 0 };
    ok(BOB, provider.update_capacity, { resource, capacity });
    for (let order = 1n; order <= MAX_SLICES; order += 1n) {
      takeSlice(chain.ctx, resource, { order, spec: SMALL, until: 0n });
    }
    expect(hasRoom(chain.ctx, resource, SMALL)).toBe(false);
    expect(hasRoom(chain.ctx, 9n, SMALL)).toBe(false);
  });
});
