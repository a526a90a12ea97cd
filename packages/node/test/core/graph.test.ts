import { blake2b256 } from '@hamster/crypto';
import { u32 } from '@hamster/scale';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { hashText } from '../../src/hash.ts';
import { TransactionGraph } from '../../src/pool/graph.ts';
import { ReadyOrder } from '../../src/pool/ready-order.ts';
import type { PoolTransaction, Validity } from '../../src/pool/transaction.ts';

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

function transaction(signer: number, nonce: number, valid: Validity): PoolTransaction {
  const bytes = Uint8Array.of(signer, nonce);
  const hash = blake2b256(bytes);
  const extrinsic = { bytes, hash, signer: u32.encode(signer), nonce, payload: undefined };
  return { hash: hashText(hash), extrinsic, sequence: sequence++, validity: valid };
}

const step = fc.record({
  do: fc.constantFrom('add' as const, 'remove' as const, 'update' as const),
  signer: fc.nat({ max: SIGNERS - 1 }),
  nonce: fc.nat({ max: NONCES - 1 }),
  waits: fc.boolean(),
  priority: fc.nat({ max: 3 }),
});

/** Readiness by its definition. */
function readyByDefinition(all: readonly PoolTransaction[], one: PoolTransaction): boolean {
  return one.validity.requires.every((tag) => {
    const provider = all.find((each) => each.validity.provides.includes(tag));
    return provider !== undefined && readyByDefinition(all, provider);
  });
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
          if (each.do === 'remove') graph.remove(subject.hash);
          else if (each.do === 'update') graph.update(subject.hash, valid);
          else if (!graph.get(subject.hash)) graph.add(subject);
          for (const { hash, ready } of graph.takeTransitions()) {
            expect(told.get(hash) ?? false).toBe(!ready);
            told.set(hash, ready);
          }
          const all = [...graph.transactions()];
          for (const gone of told.keys()) if (!all.some(({ hash }) => hash === gone)) told.delete(gone);
          for (const one of all) {
            const ready = readyByDefinition(all, one);
            expect(graph.isReady(one.hash)).toBe(ready);
            expect(told.get(one.hash) ?? false).toBe(ready);
          }
          expect(graph.bytes).toBe(all.length * 2);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('gives out every ready transaction once, none before what it needs, the best of those possible first', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), fc.boolean(), async (steps, inSlices) => {
        const graph = new TransactionGraph();
        for (const { signer, nonce, waits, priority } of steps) {
          const subject = transaction(signer, nonce, validity(signer, nonce, waits, priority));
          if (!graph.get(subject.hash)) graph.add(subject);
        }
        const left = new Set([...graph.transactions()].filter(({ hash }) => graph.isReady(hash)));
        const provided = new Set<string>();
        const order = inSlices ? await ReadyOrder.inSlices(graph, sequence) : ReadyOrder.of(graph);
        for (let next = order.take(); next; next = order.take()) {
          const possible = [...left].filter(({ validity: { requires } }) =>
            requires.every((tag) => provided.has(tag)),
          );
          const best = possible.toSorted(
            (a, b) => Number(b.validity.priority - a.validity.priority) || a.sequence - b.sequence,
          );
          expect(next).toBe(best[0]);
          left.delete(next);
          for (const tag of next.validity.provides) provided.add(tag);
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
    for (let nonce = 0; nonce < 3_000; nonce++) graph.add(one(nonce % 200, Math.floor(nonce / 200), 1));
    const again = one(199, 14, 9);
    // A host on which each look at the clock takes a millisecond: the slice is over long before all are in order.
    let now = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now++);
    onTestFinished(() => clock.mockRestore());
    const putting = ReadyOrder.inSlices(graph, sequence - 1);
    const late = one(200, 0, 9);
    graph.remove(again.hash);
    graph.add(again);
    graph.add(late);
    const order = await putting;
    const taken = new Set<unknown>();
    for (let next = order.take(); next; next = order.take()) taken.add(next);
    expect(taken.size).toBe(2_999);
    expect(taken.has(late)).toBe(false);
    expect(taken.has(again)).toBe(false);
  });
});
