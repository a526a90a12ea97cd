import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { trieRoot, type Change } from '../src/index.ts';
import { TestDatabase, type TestBlock } from './database.ts';
import { sameBlock } from '../src/store/journal.ts';
import { hex } from './arbitraries.ts';

interface Report extends TestBlock {
  readonly isFinal: boolean;
}

/** Lets a process write blocks and kills it without warning once it has reported `count` times. Answers all that it reported. */
async function writeUntilKilled(path: string, count: number): Promise<Report[]> {
  const writer = spawn(
    process.execPath,
    [fileURLToPath(new URL('./crash/writer.ts', import.meta.url)), path],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const exited = once(writer, 'exit');
  const reports: Report[] = [];
  for await (const line of createInterface({ input: writer.stdout })) {
    const { hash, root, ...rest } = JSON.parse(line) as Line;
    reports.push({ ...rest, hash: Uint8Array.from(hash), root: Uint8Array.from(root) });
    if (reports.length === count) writer.kill('SIGKILL');
  }
  await exited;
  return reports;
}

type Line = Pick<Report, 'number' | 'isFinal'> & { readonly hash: number[]; readonly root: number[] };

it('has every block that was reported before the process was killed, whole', async () => {
  const path = await mkdtemp(join(tmpdir(), 'hamster-crash-'));
  const reports = await writeUntilKilled(path, 50);
  const db = new TestDatabase(path, 4);
  try {
    // It may have been killed when a block was final already, and before it could say so.
    const { number, hash } = db.final();
    const last = reports.findLast((block) => sameBlock(block, { number, hash }));
    if (!last) throw new RangeError(`Block #${number} was never written`);
    expect(number).toBeGreaterThanOrEqual(reports.findLast(({ isFinal }) => isFinal)?.number ?? Infinity);
    const state = db.state.at(last.root);
    const entries = [...(state?.keys(new Uint8Array()) ?? [])].map((key): Change => [key, state?.get(key)]);
    expect(entries.length).toBeGreaterThan(200);
    expect(hex(trieRoot(entries, 1))).toBe(hex(last.root));
    let head: TestBlock = last;
    for (let i = 0; i < 6; i++) {
      head = db.write(head, [[Uint8Array.of(i), Uint8Array.of(i)]]);
      db.finalize(head);
    }
    expect([db.state.has(last.root), db.state.has(head.root)]).toEqual([false, true]);
  } finally {
    await db.destroy();
  }
});
