import { describe, expect, it } from 'vitest';
import type { Backend, BlockId, ForeignBlock } from '../../src/index.ts';
import { counterOf, manualNode } from './harness.ts';
import { TestAccount } from './test-runtime.ts';

function blockOf(backend: Backend, { hash }: BlockId): ForeignBlock {
  const [header, body] = [backend.header(hash), backend.body(hash)];
  if (!header || !body) throw new RangeError(`${hash} is not there`);
  return { header, body };
}

const refused = expect.objectContaining({ code: 'NODE_BLOCK_REFUSED' }) as object;

/** A node that authors and one that only follows. */
async function pair() {
  const [author, follower] = [await manualNode(), await manualNode()];
  const alice = new TestAccount();
  await author.backend.submit(alice.extrinsic({ nonce: 0, amount: 7n }));
  const head = await author.backend.manualSeal.newBlock();
  return { author, follower, alice, head, block: blockOf(author.backend, head) };
}

describe('a block made elsewhere', () => {
  it('is executed, and is the head then', async () => {
    const { author, follower, alice, head, block } = await pair();
    const event = await follower.importBlock(block);
    expect(event).toMatchObject({ ...head, isBest: true, finalized: true });
    expect(follower.backend.best()).toEqual(head);
    expect(follower.backend.encodedHeader(head.hash)).toEqual(author.backend.encodedHeader(head.hash));
    expect(counterOf(follower.backend, alice.id)).toBe(7n);
  });

  it('makes the transactions of the pool invalid that it overtook, and readies their successors', async () => {
    const { follower, alice, block } = await pair();
    const told: string[] = [];
    await follower.backend.watch(alice.extrinsic({ nonce: 0, amount: 1n }), ({ type }) => told.push(type));
    await follower.backend.submit(alice.extrinsic({ nonce: 1, amount: 2n }));
    await follower.importBlock(block);
    await follower.backend.manualSeal.newBlock();
    expect(told).toEqual(['ready', 'invalid']);
    expect(counterOf(follower.backend, alice.id)).toBe(9n);
  });

  it('is refused when a byte of it is wrong', async () => {
    const { follower, head, block } = await pair();
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
      { header: { ...header, parentHash: head.hash }, body },
    ];
    for (const each of wrong) await expect(follower.importBlock(each)).rejects.toEqual(refused);
    expect(follower.backend.best().number).toBe(0);
    await expect(follower.importBlock(block)).resolves.toMatchObject(head);
    await expect(follower.importBlock(block)).rejects.toEqual(refused);
  });
});
