import { u32 } from '@hamster/scale';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { extrinsicHash } from '../../src/hash.ts';
import { dependenciesOf, dependentsOf, TransactionGraph } from '../../src/pool/graph.ts';
import { ReadyOrder } from '../../src/pool/ready-order.ts';
import { PoolTransaction, type Validity } from '../../src/pool/transaction.ts';

const SIGNERS = 2;
const NONCES = 5;

/** Nonce `nonce` of signer `signer`, behind the nonce before it unless the state is that far already. */
function validity(signer: number, nonce: number, waits: boolean, priority: number): Validity {
  const tag = (of: number) => `${signer}:${of}`;
  return {
    priority: BigInt(priority),
    requires: waits && nonce > 0 ? [tag(nonce - 1)] : [],
    provides: [tag(nonce)],
    validUntil: 100,
  };
}

let sequence = 0;

/** What was said of each transaction last. */
const said = new WeakMap<PoolTransaction, Validity>();

function validityOf(transaction: PoolTransaction): Validity {
  const validity = said.get(transaction);
  if (!validity) throw new RangeError(`Nothing was said of ${transaction.hash}`);
  return validity;
}

function add(graph: TransactionGraph, transaction: PoolTransaction): void {
  graph.add(transaction, validityOf(transaction));
}

function update(graph: TransactionGraph, transaction: PoolTransaction, validity: Validity): void {
  said.set(transaction, validity);
  graph.update(transaction, validity);
}

function transaction(signer: number, nonce: number, valid: Validity): PoolTransaction {
  const bytes = Uint8Array.of(signer, nonce);
  const extrinsic = { bytes, signer: u32.encode(signer), nonce, payload: undefined };
  const hash = extrinsicHash(bytes);
  const made = new PoolTransaction({ hash, extrinsic, sequence: sequence++, validity: valid });
  said.set(made, valid);
  return made;
}

const step = fc.record({
  do: fc.constantFrom('add' as const, 'remove' as const, 'update' as const),
  signer: fc.nat({ max: SIGNERS - 1 }),
  nonce: fc.nat({ max: NONCES - 1 }),
  waits: fc.boolean(),
  priority: fc.nat({ max: 3 }),
});

/** Made in one go. */
function orderOf(graph: TransactionGraph): ReadyOrder {
  const steps = ReadyOrder.inSteps(graph, sequence);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Readiness by its definition. */
function readyByDefinition(all: readonly PoolTransaction[], one: PoolTransaction): boolean {
  return validityOf(one).requires.every((tag) => {
    const provider = all.find((each) => validityOf(each).provides.includes(tag));
    return provider !== undefined && readyByDefinition(all, provider);
  });
}

const NODES = 6;

/** Each node provides two tags of its own, and requires some of those of lower ones. */
const move = fc.record({
  do: fc.constantFrom(
    'add' as const,
    'add' as const,
    'remove' as const,
    'update' as const,
    'fulfil' as const,
  ),
  node: fc.nat({ max: NODES - 1 }),
  requires: fc.uniqueArray(fc.nat({ max: 2 * NODES - 1 }), { maxLength: 4 }),
});

const tagged = ({ node, requires }: { node: number; requires: readonly number[] }): Validity => ({
  priority: 1n,
  requires: requires.filter((tag) => tag < 2 * node).map(String),
  provides: [`${2 * node}`, `${2 * node + 1}`],
  validUntil: 100,
});

interface Modelled {
  readonly subject: PoolTransaction;
  /** What no block has provided since. */
  requires: Set<string>;
}

function expectLike(graph: TransactionGraph, model: readonly Modelled[]): void {
  const providerOf = (tag: string) => model.find(({ subject }) => validityOf(subject).provides.includes(tag));
  const isReady = ({ requires }: Modelled): boolean =>
    [...requires].every((tag) => {
      const provider = providerOf(tag);
      return provider !== undefined && isReady(provider);
    });
  for (const each of model) {
    const { subject, requires } = each;
    const others = model.map((other) => other.subject).filter(({ signer }) => signer === subject.signer);
    expect(subject.isReady).toBe(isReady(each));
    expect(graph.get(subject.hash)).toBe(subject);
    expect(graph.rivals(validityOf(subject).provides)).toEqual([subject]);
    const providers = new Set([...requires].map((tag) => providerOf(tag)?.subject));
    providers.delete(undefined);
    expect(dependenciesOf(subject)).toBe(providers.size);
    expect(new Set(graph.ofSigner(subject.signer ?? ''))).toEqual(new Set(others));
    expect(new Set(dependentsOf(subject))).toEqual(
      new Set(
        model
          .filter((other) => validityOf(subject).provides.some((tag) => other.requires.has(tag)))
          .map((other) => other.subject),
      ),
    );
  }
  expect([...graph.transactions()]).toEqual(model.map(({ subject }) => subject));
  expect(graph.futureSize).toBe(model.filter((each) => !isReady(each)).length);
  const everyTag = Array.from({ length: 2 * NODES }, (_, tag) => String(tag));
  const hasReadyProvider = (tag: string): boolean => {
    const provider = providerOf(tag);
    return provider !== undefined && isReady(provider);
  };
  for (const tag of everyTag) expect(graph.isProvided([tag])).toBe(hasReadyProvider(tag));
  expect(graph.isProvided(everyTag)).toBe(everyTag.every(hasReadyProvider));
  const order = orderOf(graph);
  const taken = new Set<PoolTransaction>();
  for (let next = order.take(); next; next = order.take()) {
    taken.add(next);
    order.included(next);
  }
  expect(taken).toEqual(new Set(model.filter(isReady).map(({ subject }) => subject)));
}

describe('the graph of transactions', () => {
  it('knows at every moment which ones are ready, and tells each change of that once', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const graph = new TransactionGraph();
        const told = new Map<string, boolean>();
        for (const { signer, nonce, waits, priority, ...each } of steps) {
          const valid = validity(signer, nonce, waits, priority);
          const subject = transaction(signer, nonce, valid);
          const known = graph.get(subject.hash);
          if (each.do === 'remove') graph.remove(known ?? subject);
          else if (each.do === 'update') update(graph, known ?? subject, valid);
          else if (!known) add(graph, subject);
          for (const { hash, isReady: ready } of graph.takeTransitions()) {
            expect(told.get(hash) ?? false).toBe(!ready);
            told.set(hash, ready);
          }
          const all = [...graph.transactions()];
          for (const gone of told.keys()) if (!all.some(({ hash }) => hash === gone)) told.delete(gone);
          for (const one of all) {
            const ready = readyByDefinition(all, one);
            expect(one.isReady).toBe(ready);
            expect(told.get(one.hash) ?? false).toBe(ready);
          }
          expect(graph.bytes).toBe(all.length * 2);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is at every moment what the transactions of it make it, also behind blocks', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 60 }), (moves) => {
        const graph = new TransactionGraph();
        const model = new Map<number, Modelled>();
        for (const each of moves) {
          const { node } = each;
          const known = model.get(node);
          if (each.do === 'add' && !known) {
            const subject = transaction(node % SIGNERS, node, tagged(each));
            model.set(node, { subject, requires: new Set(validityOf(subject).requires) });
            add(graph, subject);
          } else if (each.do === 'update' && known) {
            update(graph, known.subject, tagged(each));
            known.requires = new Set(validityOf(known.subject).requires);
          } else if (each.do === 'remove' && known) {
            model.delete(node);
            graph.remove(known.subject);
          } else if (each.do === 'fulfil' && known) {
            model.delete(node);
            graph.fulfil(known.subject);
            for (const { requires } of model.values())
              for (const tag of validityOf(known.subject).provides) requires.delete(tag);
          }
          expectLike(graph, [...model.values()]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('gives out every ready transaction once, none before what it needs, the best of those possible first', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), fc.boolean(), async (steps, inSlices) => {
        const graph = new TransactionGraph();
        for (const { signer, nonce, waits, priority } of steps) {
          const subject = transaction(signer, nonce, validity(signer, nonce, waits, priority));
          if (!graph.get(subject.hash)) add(graph, subject);
        }
        const left = new Set([...graph.transactions()].filter(({ isReady }) => isReady));
        const provided = new Set<string>();
        const order = inSlices ? await ReadyOrder.inSlices(graph, sequence) : orderOf(graph);
        for (let next = order.take(); next; next = order.take()) {
          const possible = [...left].filter((each) =>
            validityOf(each).requires.every((tag) => provided.has(tag)),
          );
          const best = possible.toSorted(
            (a, b) => Number(b.priority - a.priority) || a.sequence - b.sequence,
          );
          expect(next).toBe(best[0]);
          left.delete(next);
          for (const tag of validityOf(next).provides) provided.add(tag);
          order.included(next);
        }
        expect(left.size).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it('leaves what comes while the ready ones are put in order for the next block', async () => {
    const graph = new TransactionGraph();
    const one = (signer: number, nonce: number, priority: number) =>
      transaction(signer, nonce, validity(signer, nonce, false, priority));
    for (let nonce = 0; nonce < 3_000; nonce++) add(graph, one(nonce % 200, Math.floor(nonce / 200), 1));
    const again = one(199, 14, 9);
    const before = graph.get(again.hash);
    if (!before) throw new RangeError('It was not there before');
    // A host on which each look at the clock takes a millisecond: the slice is over long before all are in order.
    let now = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now++);
    onTestFinished(() => clock.mockRestore());
    const putting = ReadyOrder.inSlices(graph, sequence - 1);
    const late = one(200, 0, 9);
    graph.remove(before);
    add(graph, again);
    add(graph, late);
    const order = await putting;
    const taken = new Set<unknown>();
    for (let next = order.take(); next; next = order.take()) taken.add(next);
    expect(taken.size).toBe(2_999);
    expect(taken.has(late)).toBe(false);
    expect(taken.has(again)).toBe(false);
  });
});
