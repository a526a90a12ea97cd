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
import { hex } from './arbitraries.ts';

/** Lets a process write blocks and kills it without warning once it has reported `count` of them. */
async function writeUntilKilled(path: string, count: number): Promise<TestBlock> {
  const writer = spawn(
    process.execPath,
    [fileURLToPath(new URL('./crash/writer.ts', import.meta.url)), path],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const exited = once(writer, 'exit');
  let last: TestBlock | undefined;
  let seen = 0;
  for await (const line of createInterface({ input: writer.stdout })) {
    const { number, hash, root } = JSON.parse(line) as { number: number; hash: number[]; root: number[] };
    last = { number, hash: Uint8Array.from(hash), root: Uint8Array.from(root) };
    seen += 1;
    if (seen === count) writer.kill('SIGKILL');
  }
  await exited;
  if (!last) throw new RangeError('The writer wrote nothing');
  return last;
}

it('has every block that was reported before the process was killed, whole', async () => {
  const path = await mkdtemp(join(tmpdir(), 'hamster-crash-'));
  const last = await writeUntilKilled(path, 25);
  const db = new TestDatabase(path, 4);
  try {
    const state = db.state.at(last.root);
    const entries = [...(state?.keys(new Uint8Array()) ?? [])].map((key): Change => [key, state?.get(key)]);
    expect(entries.length).toBeGreaterThan(200);
    expect(hex(trieRoot(entries, 1))).toBe(hex(last.root));
    let head = last;
    for (let i = 0; i < 6; i++) {
      head = db.write(head, [[Uint8Array.of(i), Uint8Array.of(i)]]);
      db.finalize(head);
    }
    expect([db.state.has(last.root), db.state.has(head.root)]).toEqual([false, true]);
  } finally {
    await db.destroy();
  }
});
