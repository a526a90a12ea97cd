import { expect, it } from 'vitest';
import { decodeBlocks, encodeBlocks } from '../../src/index.ts';
import { manualNode } from './harness.ts';

const COUNT = 3;

async function numbersIn(file: Uint8Array): Promise<number[]> {
  const numbers: number[] = [];
  for await (const { header } of decodeBlocks(piecesOf(file))) numbers.push(header.number);
  return numbers;
}

/** As a disk hands it out, in pieces that end anywhere. */
async function* piecesOf(file: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < file.length; start += 100) yield file.subarray(start, start + 100);
}

it('a file of blocks is whole, or is told of wherever it ends', async () => {
  const { backend } = await manualNode();
  for (let made = 0; made < COUNT; made++) await backend.manualSeal.newBlock();
  const file = Buffer.concat([...encodeBlocks(backend, { from: 1, to: COUNT })]);
  expect(await numbersIn(file)).toEqual([1, 2, 3]);
  const cut = {
    code: 'NODE_BLOCK_FILE',
    message: expect.stringMatching(/missing or cut|no number/) as string,
  };
  for (let length = 0; length < file.length; length++) {
    await expect(numbersIn(file.subarray(0, length))).rejects.toMatchObject(cut);
  }
  await expect(numbersIn(Buffer.concat([file, Uint8Array.of(0)]))).rejects.toMatchObject({
    code: 'NODE_BLOCK_FILE',
    message: expect.stringContaining('something follows its last block') as string,
  });
});

it('what follows the last block is not read to its end, which may never come', async () => {
  let read = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    while (read < 100) {
      read += 1;
      yield await Promise.resolve(new Uint8Array(100));
    }
  }
  const blocks = decodeBlocks(endless());
  await expect(blocks.next()).rejects.toMatchObject({ code: 'NODE_BLOCK_FILE' });
  expect(read).toBe(1);
});
