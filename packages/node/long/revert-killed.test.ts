import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { BlockId, ForeignBlock } from '../src/index.ts';
import { blockOf, counterOf, manualNode, openManual, temporaryFolder } from '../test/core/harness.ts';
import { TestAccount } from '../test/core/test-runtime.ts';

const REVERTER = fileURLToPath(new URL('support/reverter.ts', import.meta.url));
const BLOCKS = 300;

interface Original {
  readonly basePath: string;
  readonly alice: TestAccount;
  readonly heads: readonly BlockId[];
  readonly blocks: readonly ForeignBlock[];
}

/** A chain each of whose blocks counts 1 for Alice. */
async function originalChain(): Promise<Original> {
  const basePath = await temporaryFolder();
  const { backend, close } = await openManual({ basePath, pruning: 'archive' });
  const alice = new TestAccount();
  const heads = [backend.best()];
  for (let nonce = 0; nonce < BLOCKS; nonce++) {
    await backend.submit(alice.extrinsic({ nonce }));
    heads.push(await backend.manualSeal.newBlock());
  }
  const blocks = heads.slice(1).map(({ hash }) => blockOf(backend, hash));
  await close();
  return { basePath, alice, heads, blocks };
}

/** Kills a revert so many ms after it began. Answers whether it was at its end before. */
async function killedAfter(wait: number, basePath: string): Promise<boolean> {
  const reverter = spawn(process.execPath, [REVERTER, basePath], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(reverter, 'exit');
  await once(reverter.stdout, 'data');
  const timer = setTimeout(() => reverter.kill('SIGKILL'), wait);
  const [code, signal] = (await exited) as [number | null, NodeJS.Signals | null];
  clearTimeout(timer);
  expect([code, signal]).toEqual(signal ? [null, 'SIGKILL'] : [0, null]);
  return signal === null;
}

/** The chain is whole up to some block of the original one: answers which. */
async function checkHead({ basePath, alice, heads, blocks }: Original): Promise<number> {
  const node = await openManual({ basePath, pruning: 'archive' });
  try {
    const { backend } = node;
    const best = backend.best();
    expect(best).toEqual(heads[best.number]);
    expect(backend.finalized()).toEqual(best);
    expect(counterOf(backend, alice.id)).toBe(BigInt(best.number));
    for (const { number, hash } of heads) {
      expect(backend.hashAt(number)).toBe(number <= best.number ? hash : undefined);
      expect(backend.header(hash) !== undefined).toBe(number <= best.number);
    }
    // What was taken back can come again, and is taken back with the rest the next time.
    const next = blocks[best.number];
    if (next) await node.importBlock(next);
    return best.number;
  } finally {
    await node.close();
  }
}

it(
  'a revert that is killed leaves a whole chain, whenever it is killed, and goes on the next time',
  { timeout: 300_000 },
  async () => {
    const original = await originalChain();
    const left: number[] = [];
    // A little longer each time, so that one comes to its end on any machine.
    for (let wait = 10, done = false; !done; wait += 25) {
      done = await killedAfter(wait, original.basePath);
      left.push(await checkHead(original));
    }
    expect(left.at(-1)).toBe(0);
    expect(left.some((number) => number > 0 && number < BLOCKS)).toBe(true);
    const { backend, importBlock } = await manualNode({ basePath: original.basePath, pruning: 'archive' });
    for (const block of original.blocks.slice(1)) await importBlock(block);
    expect(backend.best()).toEqual(original.heads.at(-1));
    expect(counterOf(backend, original.alice.id)).toBe(BigInt(BLOCKS));
  },
);
