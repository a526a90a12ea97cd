import { ROOT, signedBy } from '@hamster/frame';
import { assertHealthy } from '@hamster/frame/testing';
import fc from 'fast-check';
import { expect } from 'vitest';

import { DEV_PARAMETERS as COURT } from '../../src/arbitration/parameters.ts';
import { Ballots, Disputes } from '../../src/arbitration/storage.ts';
import { DEV_PARAMETERS as GATEWAY } from '../../src/gateway/parameters.ts';
import { TotalIssuance } from '../../src/index.ts';
import { DEV_PARAMETERS as PROVIDER } from '../../src/provider/parameters.ts';
import { Leases, Orders } from '../../src/resource-order/storage.ts';
import { DEV_PARAMETERS as ERAS } from '../../src/validators/parameters.ts';
import { auditor } from './auditor.ts';
import { auditHolds, auditLeases } from './explained.ts';
import { CAPACITY, DAY, HAM, HOUR, MINUTE, PEOPLE, SECOND, VALIDATORS } from './fixtures.ts';
import { hostileCourt, rootDoes } from './hostile-court.ts';
import { type Attempt, hostile, type Move } from './hostile.ts';
import { type Market, market, offer } from './market.ts';
import { RULES } from './rules.ts';
import { sensibleCourt } from './sensible-court.ts';
import { sensible } from './sensible.ts';

const ISSUANCE = 7_000_000n * HAM + (3n * HAM) / 1000n;

export interface Step {
  readonly attempts: readonly Attempt[];
  /** Milliseconds until the next block. */
  readonly pause: bigint;
}

const pause = fc.oneof(
  { weight: 12, arbitrary: fc.bigInt({ min: 1n, max: 50n }).map((seconds) => seconds * SECOND) },
  { weight: 1, arbitrary: fc.bigInt({ min: 1n, max: 12n }).map((minutes) => minutes * MINUTE) },
);

const attempts = fc.oneof(
  { weight: 8, arbitrary: sensible },
  { weight: 5, arbitrary: sensibleCourt },
  { weight: 3, arbitrary: hostile },
  { weight: 1, arbitrary: hostileCourt },
  { weight: 1, arbitrary: rootDoes },
);

/** What happens in so many blocks. */
export const history = (blocks: { readonly min: number; readonly max: number }): fc.Arbitrary<Step[]> =>
  fc.array(fc.record({ attempts: fc.array(attempts, { maxLength: 8, size: 'max' }), pause }), {
    minLength: blocks.min,
    maxLength: blocks.max,
    size: 'max',
  });

/** Two machines with stake behind them. */
const busyMarket = (): Market => {
  const m = market({
    provider: PROVIDER,
    resourceOrder: RULES,
    gateway: { ...GATEWAY, due_per_block: 1, claimable_eras: 5 },
    arbitration: { ...COURT, due_per_block: 1, reopen_after: MINUTE, retention: HOUR },
    validators: ERAS,
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
  const result = m.chain.run(move.who ? signedBy(move.who) : ROOT, move.call, move.args);
  if (!result.ok) expect(textOf(m)).toBe(before);
  return result.ok ? move : undefined;
};

/** How often each call succeeded. */
export type Tally = Map<string, number>;

const play = (m: Market, steps: readonly Step[], tally: Tally): void => {
  const { audit, noteExtension } = auditor(m);
  for (const { attempts, pause } of steps) {
    for (const attempt of attempts) {
      const move = make(m, attempt);
      if (move) tally.set(move.name, (tally.get(move.name) ?? 0) + 1);
      if (move?.name === 'extend_lease') noteExtension(move.args['lease'] as bigint);
      audit();
    }
    m.chain.advance(pause);
    // Faults of hooks, and every pallet's own invariants; then those that are seen from outside.
    assertHealthy(m.chain);
    audit();
    auditHolds(m);
    auditLeases(m);
    expect(TotalIssuance.get(m.chain.ctx)).toBe(ISSUANCE);
  }
};

/** Nobody does anything any more, under the rules of the beginning, and time passes. */
const drain = (m: Market): void => {
  m.asRoot(m.resourceOrder.set_parameters, { parameters: RULES });
  m.asRoot(m.arbitration.set_parameters, { parameters: COURT });
  m.asRoot(m.provider.set_parameters, { parameters: PROVIDER });
  // Root may have made anything last up to 2^32 ms, and a dispute has four such stages.
  const stage = [60n * DAY, ...Array.from({ length: 100 }, () => 1_000n)];
  const stages = Array.from({ length: 6 }, () => stage);
  for (const pause of stages.flat()) m.chain.advance(pause);
};

/** In the end nothing is held but what its owner can take back, and nothing waits. */
const expectNothingLeft = (m: Market): void => {
  for (const who of [...PEOPLE, ...VALIDATORS]) {
    expect(m.held('LeaseEscrow', who)).toBe(0n);
    expect(m.held('DisputeDeposit', who)).toBe(0n);
    expect(m.ledger(who).locked).toBe(0n);
  }
  for (const map of [Orders, Leases, Disputes, Ballots]) expect([...map.entries(m.chain.ctx)]).toEqual([]);
};

/** One life of the market, checked after every block. */
export const live = (steps: readonly Step[], tally: Tally = new Map()): void => {
  const m = busyMarket();
  play(m, steps, tally);
  drain(m);
  assertHealthy(m.chain);
  expectNothingLeft(m);
};
