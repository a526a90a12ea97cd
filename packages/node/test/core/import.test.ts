import { describe, expect, it } from 'vitest';
import type { ForeignBlock } from '../../src/index.ts';
import { NOBODY } from './dev-keys.ts';
import { blockOf, counterOf, manualNode, SPEC } from './harness.ts';
import { TestAccount } from './test-runtime.ts';

const refused = expect.objectContaining({ code: 'NODE_BLOCK_REFUSED' }) as object;
const known = expect.objectContaining({ code: 'NODE_BLOCK_KNOWN' }) as object;
const orphan = expect.objectContaining({ code: 'NODE_BLOCK_ORPHAN' }) as object;

/** A node that authors and one that has no keys. */
async function pair() {
  const [author, follower] = [await manualNode(), await manualNode({ keys: NOBODY })];
  const alice = new TestAccount();
  await author.backend.submit(alice.extrinsic({ nonce: 0, amount: 7n }));
  const head = await author.backend.manualSeal.newBlock();
  return { author, follower, alice, head, block: blockOf(author.backend, head.hash) };
}

describe('a block made elsewhere', () => {
  it('is executed, and is the head then, and final by its justification', async () => {
    const { author, follower, alice, head, block } = await pair();
    const final: unknown[] = [];
    follower.backend.onFinalized((event) => final.push(event));
    const event = await follower.importBlock(block);
    expect(event).toMatchObject({ ...head, isBest: true });
    expect(final).toEqual([{ ...head, justification: block.justification }]);
    expect([follower.backend.best(), follower.backend.finalized()]).toEqual([head, head]);
    expect(follower.backend.encodedHeader(head.hash)).toEqual(author.backend.encodedHeader(head.hash));
    expect(follower.backend.justification(head.hash)).toEqual(block.justification);
    expect(counterOf(follower.backend, alice.id)).toBe(7n);
  });

  it('makes the transactions of the pool invalid that it overtook, and readies their successors', async () => {
    const { author, follower, alice, block } = await pair();
    const told: string[] = [];
    // A slow machine looks at them again only behind the slice in which the block came.
    const overtaken = Promise.withResolvers<void>();
    await follower.backend.watch(alice.extrinsic({ nonce: 0, amount: 1n }), ({ type }) => {
      told.push(type);
      if (type === 'invalid') overtaken.resolve();
    });
    const next = alice.extrinsic({ nonce: 1, amount: 2n });
    await follower.backend.submit(next);
    await follower.importBlock(block);
    await overtaken.promise;
    expect(follower.backend.pending()).toEqual([next]);
    expect(told).toEqual(['ready', 'invalid']);
    await author.backend.submit(next);
    const { hash } = await author.backend.manualSeal.newBlock();
    await follower.importBlock(blockOf(author.backend, hash));
    expect(follower.backend.pending()).toEqual([]);
    expect(counterOf(follower.backend, alice.id)).toBe(9n);
  });

  it('is refused when a byte of it is wrong', async () => {
    const { follower, block } = await pair();
    const { header, body } = block;
    const [inherent = new Uint8Array(), extrinsic = new Uint8Array()] = body;
    const forged = extrinsic.slice();
    forged[60] = (forged[60] ?? 0) ^ 1;
    const wrong: ForeignBlock[] = [
      { header: { ...header, stateRoot: `0x${'11'.repeat(32)}` }, body },
      { header: { ...header, extrinsicsRoot: `0x${'11'.repeat(32)}` }, body },
      { header: { ...header, number: 2 }, body },
      { header: { ...header, digest: [] }, body },
      { header, body: [inherent] },
      { header, body: [inherent, forged] },
      { header, body: [inherent, extrinsic, extrinsic] },
      { header, body: [extrinsic.subarray(1), inherent] },
    ];
    for (const each of wrong) await expect(follower.importBlock(each)).rejects.toEqual(refused);
    expect(follower.backend.best().number).toBe(0);
  });

  it('comes once, and behind its parent', async () => {
    const { author, follower, head, block } = await pair();
    const next = await author.backend.manualSeal.newBlock();
    await expect(follower.importBlock(blockOf(author.backend, next.hash))).rejects.toEqual(orphan);
    await follower.importBlock(block);
    await expect(follower.importBlock(block)).rejects.toEqual(known);
    expect(follower.backend.best()).toEqual(head);
  });

  it('is of another chain when its number is 1 and its parent is not here', async () => {
    const { block } = await pair();
    const other = await manualNode({ chainSpec: { ...SPEC, genesis: { seed: 2 } } });
    await expect(other.importBlock(block)).rejects.toThrow(
      `but this chain begins with ${other.backend.genesisHash}: it is of another one`,
    );
  });
});
