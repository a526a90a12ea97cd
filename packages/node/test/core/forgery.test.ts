import { describe, expect, it } from 'vitest';
import type { ForeignBlock, NodeError } from '../../src/index.ts';
import { BODY, decodeHeader, encodeHeader } from '../../src/header-codec.ts';
import { NOBODY } from './dev-keys.ts';
import { flipped } from './forged-votes.ts';
import { blockOf, manualNode } from './harness.ts';
import { TestAccount } from './test-runtime.ts';

/** Every block that differs in one bit of its header or its justification, and in one of every third of its body. */
function* forgeries(block: ForeignBlock): Generator<() => ForeignBlock> {
  const header = encodeHeader(block.header);
  const body = BODY.encode([...block.body]);
  const { justification } = block;
  if (!justification) throw new RangeError('The block has no justification');
  for (let bit = 0; bit < header.length * 8; bit++) {
    yield () => ({ ...block, header: decodeHeader(flipped(header, bit)) });
  }
  for (let bit = 0; bit < body.length * 8; bit += 3)
    yield () => ({ ...block, body: BODY.decode(flipped(body, bit)) });
  for (let bit = 0; bit < justification.proof.length * 8; bit++) {
    const proof = flipped(justification.proof, bit);
    yield () => ({ ...block, justification: { ...justification, proof } });
  }
  yield () => ({ ...block, justification: { ...justification, engine: 'FRNJ' } });
}

describe('a block with one wrong bit', { timeout: 120_000 }, () => {
  it('is refused wherever the bit is, and changes nothing', async () => {
    const [author, follower] = [await manualNode(), await manualNode({ keys: NOBODY })];
    await author.backend.submit(new TestAccount().extrinsic({ nonce: 0 }));
    const head = await author.backend.manualSeal.newBlock();
    const block = blockOf(author.backend, head.hash);
    const genesis = follower.backend.best();
    const codes = new Map<string, number>();
    for (const forge of forgeries(block)) {
      const code = await importError(follower.importBlock, forge);
      codes.set(code, (codes.get(code) ?? 0) + 1);
      expect([follower.backend.best(), follower.backend.finalized()]).toEqual([genesis, genesis]);
    }
    expect([...codes.values()].reduce((sum, count) => sum + count)).toBeGreaterThan(3000);
    expect([...codes.keys()].sort()).toEqual(['NODE_BLOCK_ORPHAN', 'NODE_BLOCK_REFUSED', 'no block at all']);
    expect(codes.get('NODE_BLOCK_ORPHAN')).toBe(256);
    await expect(follower.importBlock(block)).resolves.toMatchObject(head);
    expect(follower.backend.finalized()).toEqual(head);
  });
});

async function importError(
  importBlock: (block: ForeignBlock) => Promise<unknown>,
  forge: () => ForeignBlock,
): Promise<string> {
  let block: ForeignBlock;
  try {
    block = forge();
  } catch {
    return 'no block at all';
  }
  return importBlock(block).then(
    () => 'imported',
    (error: NodeError) => error.code,
  );
}
