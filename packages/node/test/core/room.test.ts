import { u32 } from '@hamster/scale';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extrinsicHash } from '../../src/hash.ts';
import { TransactionGraph } from '../../src/pool/graph.ts';
import { DEFAULT_LIMITS, type PoolLimits } from '../../src/pool/limits.ts';
import { makeRoom } from '../../src/pool/room.ts';
import { PoolTransaction, type Validity } from '../../src/pool/transaction.ts';

const LIMITS: PoolLimits = { ...DEFAULT_LIMITS, maxTransactions: 6, maxBytes: 60, maxFuture: 2 };

interface Described {
  readonly signer: number;
  readonly nonce: number;
  readonly priority: number;
  readonly bytes: number;
}

const described = fc.record<Described>({
  signer: fc.nat({ max: 3 }),
  nonce: fc.nat({ max: 2 }),
  priority: fc.nat({ max: 4 }),
  bytes: fc.integer({ min: 5, max: 40 }),
});

/** A transaction, and what was said of it last. */
type Subject = PoolTransaction & { validity: Validity };

let sequence = 0;

function transaction({ signer, nonce, priority, bytes: length }: Described): Subject {
  const bytes = new Uint8Array(length);
  bytes.set(u32.encode(sequence));
  const extrinsic = { bytes, signer: u32.encode(signer), nonce, payload: undefined };
  const hash = extrinsicHash(bytes);
  const validity = {
    priority: BigInt(priority),
    requires: nonce > 0 ? [`${signer}:${nonce - 1}`] : [],
    provides: [`${signer}:${nonce}`],
    validUntil: 100,
  };
  return Object.assign(new PoolTransaction({ hash, extrinsic, sequence: sequence++, validity }), {
    validity,
  });
}

const sum = (all: readonly PoolTransaction[]): number =>
  all.reduce((bytes, { extrinsic }) => bytes + extrinsic.bytes.length, 0);

/** By the words of it: one after the other goes that pays least, of these the latest, as long as there is no room. */
function expected(all: readonly Subject[], newcomer: Subject, left: readonly Subject[]) {
  const remaining = all.filter((each) => !left.includes(each));
  const dropped: Subject[] = [];
  while (remaining.length >= LIMITS.maxTransactions || sum([...remaining, newcomer]) > LIMITS.maxBytes) {
    const [cheapest] = remaining.toSorted(
      (a, b) => Number(a.validity.priority - b.validity.priority) || b.sequence - a.sequence,
    );
    if (!cheapest || cheapest.validity.priority >= newcomer.validity.priority) return 'refused';
    dropped.push(cheapest);
    remaining.splice(remaining.indexOf(cheapest), 1);
  }
  return dropped;
}

/** Who has to wait no more, because the newcomer does. */
function oldestWaiting(
  all: readonly Subject[],
  { validity }: Subject,
  usurped: readonly Subject[],
): Subject[] {
  const provided = all.filter(({ isReady }) => isReady).flatMap((each) => each.validity.provides);
  const waiting = all.filter(({ isReady }) => !isReady);
  const grows =
    !validity.requires.every((tag) => provided.includes(tag)) && usurped.every((each) => each.isReady);
  return grows && waiting.length >= LIMITS.maxFuture ? waiting.slice(0, 1) : [];
}

function tryRoom(graph: TransactionGraph, newcomer: Subject) {
  try {
    return makeRoom(graph, LIMITS, newcomer);
  } catch (error) {
    expect(error).toMatchObject({ code: 'IMMEDIATELY_DROPPED' });
    return 'refused';
  }
}

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ newcomer: described }) },
  { weight: 1, arbitrary: fc.record({ leaves: fc.nat({ max: 5 }) }) },
  { weight: 1, arbitrary: fc.record({ changes: fc.nat({ max: 5 }), priority: fc.nat({ max: 4 }) }) },
);

it('those who pay least leave for one that pays more, and no bound is passed', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const graph = new TransactionGraph();
      for (const each of steps) {
        const all = [...graph.transactions()] as Subject[];
        if ('leaves' in each) {
          const leaving = all[each.leaves];
          if (leaving) graph.remove(leaving);
        } else if ('changes' in each) {
          const changing = all[each.changes];
          const priority = BigInt(each.priority);
          if (!changing) continue;
          changing.validity = { ...changing.validity, priority };
          graph.update(changing, changing.validity);
        } else {
          const newcomer = transaction(each.newcomer);
          const usurped = graph.rivals(newcomer.validity.provides) as Subject[];
          if (usurped.some(({ validity }) => validity.priority >= newcomer.validity.priority)) continue;
          const waiting = oldestWaiting(all, newcomer, usurped);
          const dropped = expected(all, newcomer, [...usurped, ...waiting]);
          const answer = dropped === 'refused' ? dropped : { usurped, dropped: [...waiting, ...dropped] };
          const room = tryRoom(graph, newcomer);
          expect(room).toEqual(answer);
          if (room === 'refused') continue;
          for (const left of [...room.usurped, ...room.dropped]) graph.remove(left);
          graph.add(newcomer, newcomer.validity);
          expect(graph.size).toBeLessThanOrEqual(LIMITS.maxTransactions);
          expect(graph.bytes).toBeLessThanOrEqual(LIMITS.maxBytes);
        }
      }
    }),
    { numRuns: 500 },
  );
});

describe('a full pool', () => {
  const limits: PoolLimits = { ...LIMITS, maxTransactions: 300, maxBytes: 3_000 };
  let looks = 0;

  /** Counts who asks what it pays. */
  function looked(described: Described): Subject {
    const subject = transaction(described);
    const { priority } = subject.validity;
    Object.defineProperty(subject, 'priority', {
      get() {
        looks += 1;
        return priority;
      },
    });
    return subject;
  }

  function full(): TransactionGraph {
    const graph = new TransactionGraph();
    for (let signer = 0; signer < 300; signer++) {
      const each = looked({ signer, nonce: 0, priority: 1, bytes: 10 });
      graph.add(each, each.validity);
    }
    looks = 0;
    return graph;
  }

  it('refuses one that pays no more than all others without a look at them', () => {
    const graph = full();
    const enter = (priority: number) => () =>
      makeRoom(graph, limits, transaction({ signer: 300, nonce: 0, priority, bytes: 10 }));
    const refused = expect.objectContaining({ code: 'IMMEDIATELY_DROPPED' }) as Error;
    expect(enter(1)).toThrow(refused);
    looks = 0;
    expect(enter(1)).toThrow(refused);
    expect(enter(0)).toThrow(refused);
    expect(looks).toBeLessThanOrEqual(2);
  });

  it('has many leave by one look at them', () => {
    const newcomer = transaction({ signer: 300, nonce: 0, priority: 2, bytes: 2_000 });
    expect(makeRoom(full(), limits, newcomer).dropped).toHaveLength(200);
    expect(looks).toBeLessThan(1_000);
  });

  it('does not look at all of them again for each newcomer that pays more', () => {
    const graph = full();
    for (let round = 0; round < 900; round++) {
      const newcomer = looked({ signer: 300 + round, nonce: 0, priority: 2 + round, bytes: 10 });
      const { dropped } = makeRoom(graph, limits, newcomer);
      expect(dropped).toHaveLength(1);
      for (const left of dropped) graph.remove(left);
      graph.add(newcomer, newcomer.validity);
    }
    expect([...graph.transactions()].map(({ priority }) => Number(priority))).toEqual(
      Array.from({ length: 300 }, (_, index) => 602 + index),
    );
    // Once for each that stays would be 270,000.
    expect(looks).toBeLessThan(10_000);
  });

  it('has one that left and came again leave in its new turn, and once', () => {
    const graph = new TransactionGraph();
    const [first, second] = [0, 1].map((signer) => transaction({ signer, nonce: 0, priority: 1, bytes: 10 }));
    if (!first || !second) throw new RangeError('There are two');
    for (const each of [first, second]) graph.add(each, each.validity);
    expect([...graph.leavingFirst()]).toEqual([second, first]);
    const again = new PoolTransaction({ ...first, sequence: sequence++ });
    graph.remove(first);
    graph.add(again, first.validity);
    expect([...graph.leavingFirst()]).toEqual([again, second]);
    expect([...graph.leavingFirst()]).toEqual([again, second]);
  });
});
