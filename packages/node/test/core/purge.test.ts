import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { purgeDatabase } from '../../src/index.ts';
import { lockFolder } from '../../src/storage/lock.ts';
import { temporaryFolder } from './harness.ts';

/** The folder of a database with so many files. */
async function databaseOf(files: number): Promise<string> {
  const folder = join(await temporaryFolder(), 'db');
  await mkdir(folder);
  for (let index = 0; index < files; index++) await writeFile(join(folder, `data-${index}`), '');
  return folder;
}

it('a database that is removed is nobody’s to open as long as there is any of it', async () => {
  const folder = await databaseOf(100);
  const purged = purgeDatabase(folder);
  let refusals = 0;
  while (readdirSync(folder).some((name) => name.startsWith('data'))) {
    expect(() => lockFolder(folder)).toThrow('already works on');
    refusals += 1;
    await setImmediate();
  }
  await purged;
  expect(refusals).toBeGreaterThan(10);
  expect(existsSync(folder)).toBe(false);
});

it('what comes into the folder meanwhile stays, as that of a node which was started behind the lock', async () => {
  const folder = await databaseOf(100);
  const purged = purgeDatabase(folder);
  // The folder was looked into: what is removed is known.
  while (readdirSync(folder).length > 100) await setImmediate();
  writeFileSync(join(folder, 'new'), '');
  await purged;
  expect(readdirSync(folder)).toEqual(['new']);
});
