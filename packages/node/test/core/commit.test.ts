import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Backend, Hash } from '../../src/index.ts';
import { NOBODY } from './dev-keys.ts';
import { blockOf, manualNode, openManual, temporaryFolder, type Running } from './harness.ts';
import { counterKey, TestAccount } from './test-runtime.ts';

const ACCOUNTS = 60;
const accounts = Array.from({ length: ACCOUNTS }, () => new TestAccount());

/** Has one block made in which every account counts once. */
async function makeBlock({ backend }: Running, nonce: number): Promise<Hash> {
  for (const account of accounts) await backend.submit(account.extrinsic({ nonce }));
  return (await backend.manualSeal.newBlock()).hash;
}

/** What a client sees in one turn of the event loop: all counters of the best block, by value and by listing. */
function seenBy(backend: Backend) {
  const { number, hash } = backend.best();
  const state = backend.stateAt(hash);
  const counters = accounts.map(({ id }) => state?.get(counterKey(id))?.at(0) ?? 0);
  const listed = [...(state?.keys(new Uint8Array()) ?? [])].length;
  const ahead = backend.hashAt(number + 1);
  return { number, final: backend.finalized().number, counters: new Set(counters), listed, ahead };
}

describe('while a block is committed', { timeout: 60_000 }, () => {
  it('readers see all of it or all of the one before', async () => {
    const author = await manualNode();
    const follower = await manualNode({ keys: NOBODY });
    for (let nonce = 0; nonce < 3; nonce++) {
      const block = blockOf(author.backend, await makeBlock(author, nonce));
      let stored = false;
      const importing = follower.importBlock(block).finally(() => (stored = true));
      const seen = [];
      do {
        seen.push(seenBy(follower.backend));
        await setImmediate();
      } while (!stored);
      await importing;
      seen.push(seenBy(follower.backend));
      for (const { number, final, counters, ahead } of seen) {
        expect([...counters]).toEqual([number]);
        expect(ahead).toBeUndefined();
        expect(final).toBe(number);
      }
      expect(new Set(seen.map(({ number }) => number))).toEqual(new Set([nonce, nonce + 1]));
      expect(seen.at(-1)?.listed).toBe(seenBy(author.backend).listed);
    }
  });

  it('a node that is told to stop stores what it has begun, whole, and begins nothing more', async () => {
    const author = await manualNode();
    const blocks = [];
    for (let nonce = 0; nonce < 3; nonce++)
      blocks.push(blockOf(author.backend, await makeBlock(author, nonce)));
    const basePath = await temporaryFolder();
    const follower = await openManual({ basePath, keys: NOBODY });
    const announced: number[] = [];
    follower.backend.onBlock(({ number }) => announced.push(number));
    const imports = Promise.allSettled(blocks.map((block) => follower.importBlock(block)));
    await setImmediate();
    await follower.close();
    await imports;
    const again = await manualNode({ basePath, keys: NOBODY });
    const { number, final, counters } = seenBy(again.backend);
    expect([number, final]).toEqual([announced.at(-1) ?? 0, number]);
    expect([...counters]).toEqual([number]);
    for (const block of blocks.slice(number)) await again.importBlock(block);
    expect(again.backend.best()).toEqual(author.backend.best());
  });

  it('votes wait for it, and find it', async () => {
    const author = await manualNode();
    const follower = await manualNode({ keys: NOBODY });
    const [first, second] = [await makeBlock(author, 0), await makeBlock(author, 1)];
    const { header, body } = blockOf(author.backend, first);
    await follower.importBlock({ header, body });
    const justification = author.backend.justification(first);
    if (!justification) throw new RangeError('The block is not final');
    const next = blockOf(author.backend, second);
    await Promise.all([
      follower.importBlock({ header: next.header, body: next.body }),
      follower.finalizeBlock(first, justification),
      follower.finalizeBlock(first, justification),
    ]);
    expect([follower.backend.best().hash, follower.backend.finalized().hash]).toEqual([second, first]);
  });
});
