import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createRuntime } from '@hamster/runtime';
import { expect, it } from 'vitest';
import type { BlockId } from '../src/index.ts';
import { CRASH_SPEC } from '../test/core/crash/spec.ts';
import { manualNode, temporaryFolder } from '../test/core/harness.ts';

const AUTHOR = fileURLToPath(new URL('../test/core/crash/author.ts', import.meta.url));
const LIVES = 20;

/** A life of a node that makes blocks without a pause: killed so many µs-sized steps behind its first block. */
async function live(basePath: string, wait: number): Promise<BlockId[]> {
  const author = spawn(process.execPath, [AUTHOR, basePath], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(author, 'exit');
  const reported: BlockId[] = [];
  for await (const line of createInterface({ input: author.stdout })) {
    reported.push(JSON.parse(line) as BlockId);
    if (reported.length === 2) setTimeout(() => author.kill('SIGKILL'), wait);
  }
  await exited;
  return reported;
}

it(
  'keeps every block that it called final, however often and whenever it is killed',
  { timeout: 600_000 },
  async () => {
    const basePath = await temporaryFolder();
    const final = new Map<number, string>();
    for (let life = 0; life < LIVES; life++) {
      // Primes apart, so that the moments spread over all that happens in a block.
      const blocks = await live(basePath, (life * 37) % 211);
      expect(blocks[0]?.number).toBeGreaterThanOrEqual(Math.max(0, ...final.keys()));
      for (const { number, hash } of blocks) expect(final.get(number) ?? hash).toBe(hash);
      for (const { number, hash } of blocks) final.set(number, hash);
    }
    const { backend } = await manualNode({ basePath, chainSpec: CRASH_SPEC, pruning: 16 }, createRuntime());
    for (const [number, hash] of final) expect(backend.hashAt(number)).toBe(hash);
    expect(backend.finalized()).toEqual(backend.best());
    expect((await backend.manualSeal.newBlock()).number).toBe(backend.best().number);
  },
);
