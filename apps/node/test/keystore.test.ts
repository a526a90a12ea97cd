import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { NodeKeystore } from '../src/keys/keystore.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hamster-keystore-'));
  file = (await new NodeKeystore(folder).insert('aura', '//Alice')).path;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const reading = () => new NodeKeystore(folder).pairs('aura');

it('names a file that it cannot read, and what helps', async () => {
  await rm(file);
  await symlink(join(folder, 'nowhere'), file);
  await expect(reading()).rejects.toMatchObject({
    code: 'KEYSTORE_UNREADABLE',
    message: expect.stringMatching(new RegExp(`${file}.*belong to the user who runs the node`)) as string,
  });
});

it.each(['', '"//B', '//Alice', '"//Bob"'])('does not take a file that was torn to %j', async (content) => {
  await writeFile(file, content);
  await expect(reading()).rejects.toMatchObject({ code: 'KEY_FILE_INVALID' });
});

it('lets what a killed write left lie', async () => {
  await writeFile(`${file}.0.tmp`, '"//B', { mode: 0o600 });
  expect(await reading()).toHaveLength(1);
});
