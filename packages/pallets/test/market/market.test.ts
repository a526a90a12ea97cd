import { signedBy } from '@hamster/frame';
import { assertHealthy } from '@hamster/frame/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { DEV_PARAMETERS as GATEWAY } from '../../src/gateway/parameters.ts';
import { TotalIssuance } from '../../src/index.ts';
import { DEV_PARAMETERS as PROVIDER } from '../../src/provider/parameters.ts';
import { DEV_PARAMETERS as ORDERS } from '../../src/resource-order/parameters.ts';
import { Leases, Orders } from '../../src/resource-order/storage.ts';
import type { Lease } from '../../src/resource-order/types.ts';
import { CAPACITY, DAY, HAM, HOUR, MINUTE, PEOPLE, SECOND } from './fixtures.ts';
import { hostile, type Attempt, type Move } from './hostile.ts';
import { type Market, market, offer } from './market.ts';
import { sensible } from './sensible.ts';

/** Short hours, so that leases also reach their end; a bound on the agenda that makes work carry over. */
const RULES = { ...ORDERS, hour: 2n * MINUTE, due_per_block: 4, retention: HOUR };
const ISSUANCE = 7_000_000n * HAM + (3n * HAM) / 1000n;

interface Step {
  readonly attempts: readonly Attempt[];
  /** Milliseconds until the next block. */
  readonly pause: bigint;
}

const pause = fc.oneof(
  { weight: 12, arbitrary: fc.bigInt({ min: 1n, max: 50n }).map((seconds) => seconds * SECOND) },
  { weight: 1, arbitrary: fc.bigInt({ min: 1n, max: 12n }).map((minutes) => minutes * MINUTE) },
);

const attempts = fc.oneof({ weight: 3, arbitrary: sensible }, { weight: 1, arbitrary: hostile });

const history: fc.Arbitrary<Step[]> = fc.array(
  fc.record({ attempts: fc.array(attempts, { maxLength: 8, size: 'max' }), pause }),
  { minLength: 30, maxLength: 80, size: 'max' },
);

/** Two machines with stake behind them. */
const busyMarket = (): Market => {
  const m = market({
    provider: PROVIDER,
    resourceOrder: RULES,
    gateway: { ...GATEWAY, due_per_block: 1 },
  });
  for (const who of PEOPLE.slice(1, 3)) {
    m.ok(who, m.provider.stake, { amount: 50_000n * HAM });
    m.ok(who, m.provider.register_resource, { ...offer(m.chain.ctx.now), capacity: CAPACITY });
  }
  return m;
};

const textOf = (m: Market): string =>
  [...m.chain.state.entries()].map((entry) => Buffer.concat(entry).toString('latin1')).join('|');

/** The move, if it succeeded; if not, it has left no trace. */
const make = (m: Market, attempt: Attempt): Move | undefined => {
  const move = attempt(m);
  if (!move) return undefined;
  const before = textOf(m);
  const result = m.chain.run(signedBy(move.who), move.call, move.args);
  if (!result.ok) expect(textOf(m)).toBe(before);
  return result.ok ? move : undefined;
};

const fundsOf = ({ escrow, paid, refunded }: Lease): bigint => escrow + paid + refunded;

/** A second opinion on the money of leases, from outside of the pallet. */
const auditor = (m: Market) => {
  const funded = new Map<bigint, bigint>();
  const extended = new Set<bigint>();

  /** Paid rent is at most that share of all which the time since the start is of the whole time. */
  const auditTime = (lease: Lease): void => {
    const until = lease.closed?.at ?? m.chain.ctx.now;
    const noticed = lease.closed?.reason.type === 'TerminatedByRenter' ? until + RULES.hour : until;
    const whole = lease.ends_at - lease.started_at;
    const used = noticed < lease.ends_at ? noticed - lease.started_at : whole;
    expect(lease.paid * whole).toBeLessThanOrEqual(fundsOf(lease) * used);
  };
  const audit = (): void => {
    for (const [id, lease] of Leases.entries(m.chain.ctx)) {
      expect(fundsOf(lease)).toBe(funded.get(id) ?? fundsOf(lease));
      funded.set(id, fundsOf(lease));
      if (!extended.has(id)) auditTime(lease);
    }
  };
  const noteExtension = (id: bigint): void => {
    funded.delete(id);
    extended.add(id);
  };
  return { audit, noteExtension };
};

const play = (m: Market, steps: readonly Step[]): void => {
  const { audit, noteExtension } = auditor(m);
  for (const { attempts, pause } of steps) {
    for (const attempt of attempts) {
      const move = make(m, attempt);
      if (move?.name === 'extend_lease') noteExtension(move.args['lease'] as bigint);
      audit();
    }
    m.chain.advance(pause);
    assertHealthy(m.chain);
    audit();
    expect(TotalIssuance.get(m.chain.ctx)).toBe(ISSUANCE);
  }
};

/** Nobody does anything any more, and time passes. */
const drain = (m: Market): void => {
  const pauses = [30n * HOUR, ...Array.from({ length: 120 }, () => 1_000n), DAY];
  for (const pause of [...pauses, ...Array.from({ length: 200 }, () => 1_000n)]) m.chain.advance(pause);
};

// A failure prints its seed and the smallest history that fails.
describe('the market, whatever anybody does', { timeout: 120_000 }, () => {
  it('lesson 12: keeps every invariant, refuses without a trace, and in the end holds nothing for anybody', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const m = busyMarket();
        play(m, steps);
        drain(m);
        assertHealthy(m.chain);
        for (const who of PEOPLE) {
          expect(m.held('LeaseEscrow', who)).toBe(0n);
          expect(m.ledger(who).locked).toBe(0n);
        }
        expect([...Orders.entries(m.chain.ctx), ...Leases.entries(m.chain.ctx)]).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });
});
