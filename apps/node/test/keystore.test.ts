import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { NodeKeystore } from '../src/keys/keystore.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hamster-keystore-'));
  file = (await new NodeKeystore(folder, 'Local').insert('aura', '//Alice')).path;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const reading = () => new NodeKeystore(folder, 'Local').pairs('aura');

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

const WORDS = 'bottom drive obey lake curtain smoke basket hold race lonely fit walk';
const SEED = `0x${'ab'.repeat(32)}`;

it.each([WORDS, WORDS.replaceAll(' ', '\n'), `${WORDS}//Alice`, SEED, `${SEED}//1`, '//Alice//stash'])(
  'takes %j for a secret',
  async (secret) => {
    const { pair } = await new NodeKeystore(folder, 'Local').insert('aura', secret);
    expect((await reading()).map(({ address }) => address)).toContain(pair.address);
  },
);

it.each([
  'bottom drive obey lake',
  'alice',
  'Alice//1',
  `//Alice${'/a'.repeat(1000)}`,
  '0x1234',
  SEED.slice(2),
  `${SEED}00`,
  `${WORDS} walk`,
  '',
])('takes %j for none, and makes no key of it that can be guessed', async (secret) => {
  const inserting = new NodeKeystore(folder, 'Local').insert('aura', secret);
  await expect(inserting).rejects.toMatchObject({ code: 'KEY_SECRET_INVALID' });
});

it.each(['//Alice', ' //Bob//stash', WORDS, `${WORDS}//1`, WORDS.toUpperCase()])(
  'has no key of everybody on a live chain, as %j',
  async (secret) => {
    const inserting = new NodeKeystore(folder, 'Live').insert('gran', secret);
    await expect(inserting).rejects.toMatchObject({ code: 'KEY_KNOWN' });
    expect(await new NodeKeystore(folder, 'Live').pairs('gran')).toEqual([]);
  },
);

it('has keys of its own on a live chain', async () => {
  await new NodeKeystore(folder, 'Live').insert('gran', SEED);
  expect(await new NodeKeystore(folder, 'Live').pairs('gran')).toHaveLength(1);
});
