import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chainMarkIn, hasCaughtUp, type BlockSource } from '../src/chain-mark.ts';

const BLOCK = { number: 9, hash: '0x09' };
const MINUTE = 60_000;

describe('the mark of how far a chain was seen', () => {
  let directory: string;
  let path: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hamster-mark-'));
    path = join(directory, 'seen.json');
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const open = () =>
    chainMarkIn(path, (error) => {
      throw error;
    });
  const nodeWith = (hash: string | undefined): BlockSource => ({ blockHash: () => Promise.resolve(hash) });
  const markAt = async (block: typeof BLOCK) => {
    const mark = open();
    await mark.read();
    await mark.write({ chainTime: MINUTE, block });
    return open();
  };

  it('keeps the block over a restart', async () => {
    const mark = await markAt(BLOCK);
    expect(await mark.read()).toEqual({ chainTime: MINUTE, block: BLOCK });
  });

  it('goes on in memory with each block, and on disk now and then', async () => {
    const mark = await markAt(BLOCK);
    await mark.read();
    const soon = { chainTime: MINUTE + 3_000, block: { number: 10, hash: '0x0a' } };
    await mark.write(soon);
    expect(await mark.read()).toEqual(soon);
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ block: BLOCK });
    const later = { chainTime: 2 * MINUTE, block: { number: 29, hash: '0x1d' } };
    await mark.write(later);
    expect(await open().read()).toEqual(later);
  });

  it('of a time before blocks were noted holds, and gets its block at once', async () => {
    await writeFile(path, JSON.stringify({ chainTime: MINUTE }));
    const mark = open();
    expect(await mark.read()).toEqual({ chainTime: MINUTE });
    expect(await hasCaughtUp(nodeWith(undefined), mark)).toBe(true);
    await mark.write({ chainTime: MINUTE + 3_000, block: BLOCK });
    expect(await open().read()).toMatchObject({ block: BLOCK });
  });

  it('is met by a node of the same chain', async () => {
    expect(await hasCaughtUp(nodeWith(BLOCK.hash), await markAt(BLOCK))).toBe(true);
  });

  it('is not yet met by a node that is behind', async () => {
    expect(await hasCaughtUp(nodeWith(undefined), await markAt(BLOCK))).toBe(false);
  });

  it('tells another chain, and which file to remove when that is meant', async () => {
    await expect(hasCaughtUp(nodeWith('0xff'), await markAt(BLOCK))).rejects.toMatchObject({
      code: 'CHAIN_REPLACED',
      message: expect.stringContaining(`remove ${path}`) as string,
    });
  });
});
