import { describe, expect, it } from 'vitest';
import { revertChain, type NodeOptions } from '../../src/index.ts';
import { bestState, blockOf, counterOf, manualNode, recorder, SPEC, temporaryFolder } from './harness.ts';
import { TestAccount, testRuntime, TIME } from './test-runtime.ts';

const NOT_CHANGED = { code: 'NODE_REVERT' };

/** A chain of five blocks, each of which counts 1 for Alice; closed. */
async function fiveBlocks(options: Partial<NodeOptions> = {}) {
  const basePath = await temporaryFolder();
  const node = await manualNode({ basePath, ...options });
  const alice = new TestAccount();
  const heads = [node.backend.best()];
  for (let nonce = 0; nonce < 5; nonce++) {
    await node.backend.submit(alice.extrinsic({ nonce }));
    heads.push(await node.backend.manualSeal.newBlock());
  }
  const blocks = heads.slice(1).map(({ hash }) => blockOf(node.backend, hash));
  await node.close();
  const { logger } = recorder();
  const revert = (count: number, force = true) =>
    revertChain(
      { chainSpec: SPEC, basePath, logger, ...options },
      { runtime: testRuntime() },
      { count, force },
    );
  return { basePath, alice, heads, blocks, revert };
}

describe('reverting', () => {
  it('gives the chain back as it was, to go on from', async () => {
    const { basePath, alice, heads, blocks, revert } = await fiveBlocks();
    expect(await revert(2)).toEqual({ from: heads[5], to: heads[3] });
    const node = await manualNode({ basePath });
    expect([node.backend.best(), node.backend.finalized()]).toEqual([heads[3], heads[3]]);
    expect(counterOf(node.backend, alice.id)).toBe(3n);
    expect([...bestState(node.backend).keys(new Uint8Array())].length).toBeGreaterThan(4);
    expect(node.backend.hashAt(4)).toBeUndefined();
    for (const block of blocks.slice(3)) await node.importBlock(block);
    expect(node.backend.best()).toEqual(heads[5]);
    expect(counterOf(node.backend, alice.id)).toBe(5n);
    expect(bestState(node.backend).get(TIME)).toBeDefined();
  });

  it('leaves final blocks alone unless it is forced', async () => {
    const { heads, revert } = await fiveBlocks();
    await expect(revert(2, false)).rejects.toMatchObject(NOT_CHANGED);
    expect(await revert(1)).toEqual({ from: heads[5], to: heads[4] });
  });

  it('goes down to the first block and no further', async () => {
    const { heads, revert } = await fiveBlocks();
    expect(await revert(100)).toEqual({ from: heads[5], to: heads[0] });
    await expect(revert(1)).rejects.toMatchObject(NOT_CHANGED);
  });

  it('stops where states were pruned, and says where', async () => {
    const { basePath, heads, revert } = await fiveBlocks({ pruning: 3 });
    await expect(revert(4)).rejects.toThrow('The chain is at #3 now and goes back no further');
    const node = await manualNode({ basePath, pruning: 3 });
    expect(node.backend.best()).toEqual(heads[3]);
    for (let i = 0; i < 8; i++) await node.backend.manualSeal.newBlock();
    expect(node.backend.best().number).toBe(11);
  });
});
