import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeHeader } from '../../src/header-codec.ts';
import type { ForeignBlock } from '../../src/index.ts';
import { NOBODY } from './dev-keys.ts';
import { FIELDS, flipped, THREE_VOTERS, VOTED_SPEC } from './forged-votes.ts';
import { blockOf, openManual, type Running } from './harness.ts';

const refused = expect.objectContaining({ code: 'NODE_BLOCK_REFUSED' }) as object;

let author: Running;
/** Has nothing but the first block. */
let empty: Running;
/** Has the second one too, which is not final yet. */
let waiting: Running;
let block: ForeignBlock;
let proof: Uint8Array;

beforeAll(async () => {
  author = await openManual({ chainSpec: VOTED_SPEC, keys: THREE_VOTERS });
  empty = await openManual({ chainSpec: VOTED_SPEC, keys: NOBODY });
  waiting = await openManual({ chainSpec: VOTED_SPEC, keys: NOBODY });
  block = blockOf(author.backend, (await author.backend.manualSeal.newBlock()).hash);
  proof = block.justification?.proof ?? new Uint8Array();
  const { header, body } = block;
  await waiting.importBlock({ header, body });
});
afterAll(async () => {
  for (const node of [author, empty, waiting]) await node.close();
});

/** Neither node takes it, and both are as they were. */
async function expectRefused(forged: Uint8Array): Promise<void> {
  const justification = { engine: 'FRNK', proof: forged };
  await expect(empty.importBlock({ ...block, justification })).rejects.toEqual(refused);
  const { hash } = waiting.backend.best();
  await expect(waiting.finalizeBlock(hash, justification)).rejects.toThrow(refused);
  expect([empty, waiting].map(({ backend }) => [backend.best().number, backend.finalized().number])).toEqual([
    [0, 0],
    [1, 0],
  ]);
  expect(waiting.backend.justification(hash)).toBeUndefined();
}

describe('votes of which one bit was turned over', { timeout: 120_000 }, () => {
  it.each(FIELDS)('in the %s are refused', async (_name, start, length) => {
    for (let at = start; at < start + length; at++) await expectRefused(flipped(proof, at * 8 + (at % 8)));
    // And the other bits, a few of them each time.
    const bit = fc.integer({ min: start * 8, max: (start + length) * 8 - 1 });
    await fc.assert(
      fc.asyncProperty(bit, (at) => expectRefused(flipped(proof, at))),
      { numRuns: 20 },
    );
  });

  it('are laid out as the parts say', () => {
    expect(FIELDS.reduce((at, [, start, length]) => (start === at ? at + length : Number.NaN), 0)).toBe(
      proof.length,
    );
  });
});

describe('votes that are put together otherwise', () => {
  const vote = (index: number) => proof.subarray(45 + index * 132, 45 + (index + 1) * 132);
  const of = (...votes: readonly Uint8Array[]) =>
    Uint8Array.of(...proof.subarray(0, 44), votes.length << 2, ...votes.flatMap((each) => [...each]), 0);

  it('are refused when one is missing, or there twice', async () => {
    expect(of(vote(0), vote(1), vote(2))).toEqual(proof);
    await expectRefused(of(vote(0), vote(1)));
    await expectRefused(of(vote(0), vote(1), vote(1)));
    await expectRefused(of());
  });

  it('are refused with headers behind them, which no vote needs, and with anything else', async () => {
    const header = encodeHeader(block.header);
    await expectRefused(Uint8Array.of(...proof.subarray(0, -1), 1 << 2, ...header));
    await expectRefused(Uint8Array.of(...proof.subarray(0, -1), 2 << 2, ...header, ...header));
    await expectRefused(Uint8Array.of(...proof, 0));
    for (const length of [0, 8, 44, 100, proof.length - 1]) await expectRefused(proof.subarray(0, length));
  });

  it('are refused when they are any bytes', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), expectRefused), { numRuns: 100 });
  });

  it('are taken when they are as they were', async () => {
    const { hash } = waiting.backend.best();
    await waiting.finalizeBlock(hash, { engine: 'FRNK', proof });
    expect(waiting.backend.finalized().number).toBe(1);
  });
});
