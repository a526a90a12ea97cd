import { expect, it } from 'vitest';
import { imageCatalogue } from '../src/index.ts';
import { AccelerationJudge } from '../src/libvirt/acceleration.ts';

const EMPTY = imageCatalogue('/nonexistent');

it('looks again for KVM after a look that failed, and no more after one that told', async () => {
  let looks = 0;
  const catalogue = {
    ...EMPTY,
    list: () => {
      looks += 1;
      return looks === 1 ? Promise.reject(new Error('the disk is full')) : Promise.resolve([]);
    },
  };
  const judge = new AccelerationJudge({ emulator: '/nonexistent', catalogue, wish: undefined });
  await expect(judge.verdict()).rejects.toThrow('the disk is full');
  expect(await judge.acceleration()).toBe('emulated');
  expect(await judge.acceleration()).toBe('emulated');
  expect(looks).toBe(2);
});
