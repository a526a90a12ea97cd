import {
  type DispatchError,
  type DispatchResult,
  fitsIn,
  type Origin,
  ROOT,
  type RuntimeCall,
  signedBy,
} from '@hamster/frame';
import { assertHealthy } from '@hamster/frame/testing';
import type { Result } from '@hamster/scale';
import fc from 'fast-check';
import { expect } from 'vitest';

import { DEV_PARAMETERS as COURT } from '../../src/arbitration/parameters.ts';
import { Ballots, Disputes } from '../../src/arbitration/storage.ts';
import { DEV_PARAMETERS as GATEWAY } from '../../src/gateway/parameters.ts';
import { accountStore, TotalIssuance } from '../../src/index.ts';
import { DEV_PARAMETERS as PROVIDER } from '../../src/provider/parameters.ts';
import type { Span } from '../../src/primitives/silence.ts';
import { Leases, Orders } from '../../src/resource-order/storage.ts';
import { MAX_STANDSTILLS } from '../../src/timestamp/storage.ts';
import { DEV_PARAMETERS as ERAS } from '../../src/validators/parameters.ts';
import { isAllowed } from './allowed.ts';
import { auditor } from './auditor.ts';
import { edges } from './edges.ts';
import { auditHolds, auditLeases, auditSlices, issuedBy } from './explained.ts';
import { CAPACITY, DAY, HAM, HOUR, MINUTE, PEOPLE, SECOND } from './fixtures.ts';
import { hostileCourt, rootDoes } from './hostile-court.ts';
import { type Attempt, EVERYBODY, hostile, type Move } from './hostile.ts';
import { hostileMoney, rootDoesMoney } from './hostile-money.ts';
import { type Market, market, offer } from './market.ts';
import { momentous, type Pause } from './moments.ts';
import { nested, runtimeCall } from './nested.ts';
import { races } from './races.ts';
import { RULES } from './rules.ts';
import { sensibleCourt } from './sensible-court.ts';
import { sensibleOwner } from './sensible-owner.ts';
import { sensible } from './sensible.ts';
import { auditSaid, auditTold, type Balances } from './told.ts';

/** Blocks so far apart have no block in between in which anybody could have reported. */
const STANDSTILL = 6n * MINUTE;

export interface Step {
  readonly attempts: readonly Attempt[];
  /** Milliseconds until the next block. */
  readonly pause: Pause;
}

const lasting = (units: bigint, unit: bigint): fc.Arbitrary<Pause> =>
  fc.bigInt({ min: 1n, max: units }).map((count) => () => count * unit);

const pause = fc.oneof(
  { weight: 12, arbitrary: lasting(50n, SECOND) },
  { weight: 1, arbitrary: lasting(12n, MINUTE) },
);

const attempts = fc.oneof(
  { weight: 8, arbitrary: sensible },
  { weight: 6, arbitrary: sensibleCourt },
  { weight: 3, arbitrary: hostile },
  { weight: 1, arbitrary: hostileCourt },
  { weight: 1, arbitrary: rootDoes },
  { weight: 1, arbitrary: hostileMoney },
  { weight: 1, arbitrary: rootDoesMoney },
  { weight: 1, arbitrary: sensibleOwner },
  { weight: 3, arbitrary: nested },
  { weight: 1, arbitrary: edges },
);

interface Length {
  readonly min: number;
  readonly max: number;
}

const historyOf = (what: fc.Arbitrary<Attempt>, when: fc.Arbitrary<Pause>, blocks: Length) =>
  fc.array(fc.record({ attempts: fc.array(what, { maxLength: 8, size: 'max' }), pause: when }), {
    minLength: blocks.min,
    maxLength: blocks.max,
    size: 'max',
  });

/** What happens in so many blocks. */
export const history = (blocks: Length): fc.Arbitrary<Step[]> => historyOf(attempts, pause, blocks);

/** The same by parties who race each other, often at the very moment at which something is due. */
export const racing = (blocks: Length): fc.Arbitrary<Step[]> =>
  historyOf(
    fc.oneof({ weight: 2, arbitrary: attempts }, { weight: 1, arbitrary: races }),
    fc.oneof({ weight: 2, arbitrary: pause }, { weight: 1, arbitrary: momentous }),
    blocks,
  );

/** Two machines with stake behind them. */
const busyMarket = (standstills: readonly Span[]): Market => {
  const m = market({
    standstills,
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

const balancesOf = (m: Market): Balances =>
  new Map(
    [...accountStore.entries(m.chain.ctx)].map(([who, { free, reserved: held }]) => [
      who.join(),
      { free, held },
    ]),
  );

const originOf = ({ who, origin }: Move): Origin => origin ?? (who ? signedBy(who) : ROOT);

/** Makes the call as a block does: from its bytes, and never dearer than declared. */
const dispatch = ({ chain }: Market, origin: Origin, call: RuntimeCall): DispatchResult => {
  const { outer, infoOf, dispatch } = chain.composition;
  const decoded = outer.call.decode(outer.call.encode(call));
  const result = dispatch(chain.ctx, origin, decoded);
  const { actualWeight } = result.post ?? {};
  if (actualWeight) expect(fitsIn(actualWeight, infoOf(decoded).weight)).toBe(true);
  return result;
};

/** Of what anybody may send; whoever has the key of root has all the room. */
const isUrgent = ({ chain }: Market, origin: Origin, call: RuntimeCall): boolean =>
  call.type !== 'Sudo' && chain.composition.isUrgent(chain.ctx, origin, call);

/** How often each call succeeded, each error was met, and each event was told: "Pallet.call", "Pallet.Error", "Pallet.Event". */
export type Tally = Map<string, number>;

const count = (tally: Tally, name: string): void => void tally.set(name, (tally.get(name) ?? 0) + 1);

const countError = ({ m, tally }: Life, error: DispatchError): void => {
  const { kind, pallet, name } = m.chain.composition.errors.explain(error);
  count(tally, `${pallet ?? kind}.${name ?? ''}`);
};

type Events = ReturnType<Market['chain']['events']>;

/** Also the errors of calls inside of others, of which they tell. */
const countEvents = (life: Life, events: Events): void => {
  for (const [pallet, name, value] of events) {
    count(life.tally, `${pallet}.${name}`);
    const { error, sudo_result: result } = (value ?? {}) as Inside;
    if (error) countError(life, error);
    if (result && !result.ok) countError(life, result.error);
  }
};

interface Inside {
  readonly error?: DispatchError;
  readonly sudo_result?: Result<undefined, DispatchError>;
}

interface Life {
  readonly m: Market;
  /** When the chain stood still, as far as the pallets know. */
  readonly standstills: Span[];
  readonly tally: Tally;
  readonly auditor: ReturnType<typeof auditor>;
}

/**
 * A move that succeeds was allowed, and has changed the issuance as its events say; one that fails has left no trace. What is urgent
 * succeeds, and is not urgent again.
 */
const make = (life: Life, attempt: Attempt): void => {
  const { m, tally, auditor } = life;
  const move = attempt(m);
  if (!move) return;
  const [before, issued, said] = [textOf(m), TotalIssuance.get(m.chain.ctx), m.chain.events().length];
  const had = balancesOf(m);
  const call = runtimeCall(m, move);
  const origin = originOf(move);
  const [urgent, allowed] = [isUrgent(m, origin, call), isAllowed(m, origin, call)];
  const result = dispatch(m, origin, call);
  if (!result.ok) {
    countError(life, result.error);
    // Room that is kept for urgent calls is used up by those which succeed, once each.
    expect(urgent).toBe(false);
    return expect(textOf(m)).toBe(before);
  }
  expect([isUrgent(m, origin, call), allowed]).toEqual([false, true]);
  const events = m.chain.events().slice(said);
  expect(TotalIssuance.get(m.chain.ctx) - issued).toBe(issuedBy(events));
  auditTold(had, events, balancesOf(m));
  auditSaid(call.type, call.value.type, events);
  auditor.noteExtensions(events);
  countEvents(life, events);
  count(tally, `${call.type}.${call.value.type}`);
};

/** The next block. Hooks issue nothing, and nothing is lost in them. */
const goOn = (life: Life, pause: bigint): void => {
  const { m, auditor, standstills } = life;
  const issued = TotalIssuance.get(m.chain.ctx);
  const from = m.chain.ctx.now;
  if (pause >= STANDSTILL) standstills.push({ from, to: from + pause });
  // As many as the chain remembers.
  if (standstills.length > MAX_STANDSTILLS) standstills.shift();
  const had = balancesOf(m);
  m.chain.advance(pause);
  auditTold(had, m.chain.events(), balancesOf(m));
  countEvents(life, m.chain.events());
  // Faults of hooks, and every pallet's own invariants; then those that are seen from outside.
  assertHealthy(m.chain);
  auditor.audit();
  auditHolds(m);
  auditLeases(m);
  auditSlices(m);
  expect(TotalIssuance.get(m.chain.ctx)).toBe(issued);
};

const play = (life: Life, steps: readonly Step[]): void => {
  for (const { attempts, pause } of steps) {
    for (const attempt of attempts) {
      make(life, attempt);
      life.auditor.audit();
    }
    goOn(life, pause(life.m));
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
  for (const who of EVERYBODY) {
    expect(m.held('LeaseEscrow', who)).toBe(0n);
    expect(m.held('DisputeDeposit', who)).toBe(0n);
    expect(m.ledger(who).locked).toBe(0n);
  }
  for (const map of [Orders, Leases, Disputes, Ballots]) expect([...map.entries(m.chain.ctx)]).toEqual([]);
};

/** One life of the market, checked after every block. */
export const live = (steps: readonly Step[], tally: Tally = new Map()): void => {
  const standstills: Span[] = [];
  const m = busyMarket(standstills);
  play({ m, tally, standstills, auditor: auditor(m) }, steps);
  drain(m);
  assertHealthy(m.chain);
  expectNothingLeft(m);
};
