import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { writeFileAtomic } from '../src/host/files.ts';

it('what a killed process left of a file goes when that is written again, and nothing else', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hamster-files-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const old = ['key.0123456789ab.new', 'other.0123456789ab.new', 'key.new', 'key.old'];
  for (const name of old) {
    await writeFile(join(folder, name), 'left');
    await utimes(join(folder, name), 0, 0);
  }
  // It may be another process that writes this one now.
  await writeFile(join(folder, 'key.ba9876543210.new'), 'begun');
  await writeFileAtomic(join(folder, 'key'), 'whole');
  expect((await readdir(folder)).sort()).toEqual(
    ['key', 'key.ba9876543210.new', 'key.new', 'key.old', 'other.0123456789ab.new'].sort(),
  );
});
