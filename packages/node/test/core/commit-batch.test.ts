import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { commitBatch } from '../../src/storage/commit-batch.ts';

const written: string[] = [];
const write = (): void => void written.push('all');

it('a batch of which LMDB says nothing more is given up with a sentence', async () => {
  const silent = {
    batch(action: () => void) {
      action();
      return new Promise<boolean>(() => undefined);
    },
  };
  await expect(commitBatch(silent, write, 20)).rejects.toMatchObject({
    code: 'NODE_STORAGE',
    message: 'the disk did not answer for 0.02 s',
  });
  expect(written).toEqual(['all']);
});

it('why a commit failed is what LMDB says in its second promise, when that comes later too', async () => {
  const cause = new RangeError('No space left on device');
  const failing = {
    async batch() {
      const commitError = setImmediate().then(() => Promise.reject(cause));
      return Promise.reject(Object.assign(new Error('Commit failed'), { commitError }));
    },
  };
  await expect(commitBatch(failing, write)).rejects.toBe(cause);
});
