import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { NodeError } from '../../src/index.ts';
import { walkDatabase, type WalkOptions } from '../../src/storage/walk.ts';
import { temporaryFolder } from './harness.ts';

/** What comes of a check that goes like that. */
async function checkedBy(program: string, options: WalkOptions = {}): Promise<NodeError | undefined> {
  const walker = join(await temporaryFolder(), 'walker.mjs');
  await writeFile(walker, program);
  return walkDatabase('/the/folder', { walker, ...options }).then(
    () => undefined,
    (error: unknown) => error as NodeError,
  );
}

const unchecked = (why: RegExp) => ({
  code: 'NODE_DATABASE_UNCHECKED',
  message: expect.stringMatching(why) as string,
});

describe('the check of a database behind a node that was killed', { timeout: 30_000 }, () => {
  it('that hears nothing from the disk does not call the database damaged', async () => {
    const error = await checkedBy('setInterval(() => undefined, 1000)', { patience: 200 });
    expect(error).toMatchObject(
      unchecked(/nothing of it could be read for 0.2 s.*not mean that it is damaged/),
    );
    expect(error?.message).toContain('/the/folder');
  });

  it('may take as long as it takes while it goes on', async () => {
    // Longer than a process needs to begin on a busy host.
    const patience = 8_000;
    const program = `
      const timer = setInterval(() => console.log('1 2'), 100);
      setTimeout(() => clearInterval(timer), ${patience + 500});`;
    expect(await checkedBy(program, { patience })).toBeUndefined();
  });

  it.each([
    ['out of memory', 'process.kill(process.pid, "SIGKILL")', /ended by SIGKILL/],
    [
      'without room',
      'console.error("No space left on device"); process.exit(1)',
      /: No space left on device\./,
    ],
    ['without a word', 'process.exit(7)', /ended by code 7/],
  ])('that ended %s does not call the database damaged', async (_how, program, why) => {
    expect(await checkedBy(program)).toMatchObject(unchecked(why));
  });

  it('that ended as V8 ends for want of memory does not call the database damaged', async () => {
    vi.stubEnv('NODE_OPTIONS', '--max-old-space-size=16');
    onTestFinished(() => void vi.unstubAllEnvs());
    const error = await checkedBy('const all = []; for (;;) all.push([all.length])');
    expect(error).toMatchObject(unchecked(/out of memory/));
  });

  it('that cannot even open it does not call the database damaged', async () => {
    await expect(walkDatabase('/dev/null/db')).rejects.toMatchObject(unchecked(/ENOTDIR/));
  });

  it.each([
    ['was taken down by a page', 'process.kill(process.pid, "SIGSEGV")', 'some of its pages cannot be read'],
    ['found one that is wrong', 'console.error("block #7 is wrong"); process.exit(3)', 'block #7 is wrong'],
  ])('that %s calls it damaged', async (_what, program, why) => {
    const error = await checkedBy(program);
    expect(error).toMatchObject({ code: 'NODE_DATABASE_DAMAGED' });
    expect(error?.message).toContain(why);
  });

  it('ends when the node is to stop', async () => {
    const stop = new AbortController();
    const reason = new RangeError('to stop');
    const checking = checkedBy('setInterval(() => console.log("1 2"), 100)', { signal: stop.signal });
    setImmediate(() => stop.abort(reason));
    expect(await checking).toBe(reason);
  });
});
