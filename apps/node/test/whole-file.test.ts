import { mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, it, onTestFinished } from 'vitest';
import { writeWhole } from '../src/whole-file.ts';

async function place(): Promise<{ folder: string; file: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'hamster-whole-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return { folder, file: join(folder, 'blocks.bin') };
}

const pieces = (...texts: string[]) => Readable.from(texts.map((text) => Buffer.from(text)));
const notWritten = (file: string) => ({
  code: 'FILE_NOT_WRITTEN',
  message: expect.stringContaining(`Cannot write ${file} (`) as string,
});

it('puts a file in the place of the one before', async () => {
  const { folder, file } = await place();
  for (const text of ['first', 'second']) {
    await writeWhole(pieces(text, ' export'), file);
    expect(await readFile(file, 'utf8')).toBe(`${text} export`);
  }
  expect(await readdir(folder)).toEqual(['blocks.bin']);
});

it('leaves the one before when what comes breaks off', async () => {
  const { folder, file } = await place();
  await writeFile(file, 'the only backup');
  const broken = new RangeError('block #7 is not there');
  const content = Readable.from(
    (function* () {
      yield Buffer.from('half');
      throw broken;
    })(),
  );
  await expect(writeWhole(content, file)).rejects.toBe(broken);
  expect(await readFile(file, 'utf8')).toBe('the only backup');
  expect(await readdir(folder)).toEqual(['blocks.bin']);
});

it('says which file cannot be written, and why', async () => {
  const { folder } = await place();
  await writeFile(join(folder, 'file'), '');
  for (const where of ['nowhere', 'file']) {
    const file = join(folder, where, 'blocks.bin');
    await expect(writeWhole(pieces('x'), file)).rejects.toMatchObject(notWritten(file));
  }
  await expect(writeWhole(pieces('x'), '/dev/full')).rejects.toMatchObject(notWritten('/dev/full'));
});

it('writes to where a link leads, which stays one', async () => {
  const { folder, file } = await place();
  const elsewhere = join(folder, 'elsewhere');
  await mkdir(elsewhere);
  await writeFile(join(elsewhere, 'kept.bin'), 'before');
  await symlink(join('elsewhere', 'kept.bin'), file);
  await writeWhole(pieces('after'), file);
  expect(await readlink(file)).toBe(join('elsewhere', 'kept.bin'));
  expect(await readFile(join(elsewhere, 'kept.bin'), 'utf8')).toBe('after');
  expect(await readdir(elsewhere)).toEqual(['kept.bin']);
});

it('writes to what is no file as it comes', async () => {
  await writeWhole(pieces('x'), '/dev/null');
  expect(await readdir('/dev')).not.toContain('null.part');
});
