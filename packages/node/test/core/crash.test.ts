import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createRuntime } from '@hamster/runtime';
import { expect, it } from 'vitest';
import type { Backend, BlockId } from '../../src/index.ts';
import { CRASH_SPEC } from './crash/spec.ts';
import { NOBODY } from './dev-keys.ts';
import { blockOf, manualNode, temporaryFolder } from './harness.ts';

const AUTHOR = fileURLToPath(new URL('./crash/author.ts', import.meta.url));

/** Runs a node and kills it without warning when it has reported `count` blocks; answers all that it reported. */
async function authorUntilKilled(basePath: string, count: number): Promise<BlockId[]> {
  const author = spawn(process.execPath, [AUTHOR, basePath], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(author, 'exit');
  const reported: BlockId[] = [];
  for await (const line of createInterface({ input: author.stdout })) {
    reported.push(JSON.parse(line) as BlockId);
    if (reported.length === count) author.kill('SIGKILL');
  }
  await exited;
  return reported;
}

/** Executes the whole chain of `source` again in a node that knows only the genesis. */
async function replay(source: Backend): Promise<BlockId> {
  const follower = await manualNode({ chainSpec: CRASH_SPEC, keys: NOBODY }, createRuntime());
  for (let number = 1; number <= source.best().number; number++) {
    await follower.importBlock(blockOf(source, source.hashAt(number) ?? source.genesisHash));
  }
  expect(follower.backend.finalized()).toEqual(follower.backend.best());
  return follower.backend.best();
}

it(
  'loses nothing that it called final when it is killed, and goes on from there',
  { timeout: 180_000 },
  async () => {
    const basePath = await temporaryFolder();
    const first = await authorUntilKilled(basePath, 40);
    const second = await authorUntilKilled(basePath, 40);
    const lastOfFirst = first.at(-1)?.number ?? 0;
    expect(second[0]?.number).toBeGreaterThanOrEqual(lastOfFirst);

    const { backend } = await manualNode({ basePath, chainSpec: CRASH_SPEC, pruning: 16 }, createRuntime());
    for (const { number, hash } of [...first, ...second]) expect(backend.hashAt(number)).toBe(hash);
    expect(backend.finalized()).toEqual(backend.best());
    expect(await replay(backend)).toEqual(backend.best());
    const before = backend.best();
    const next = await backend.manualSeal.newBlock();
    expect(next.number).toBe(before.number + 1);
  },
);
