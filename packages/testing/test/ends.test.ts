import { expect, it } from 'vitest';
import { Ends } from '../src/index.ts';

it('ends everything once, last first, though one of the ends fails', async () => {
  const ended: string[] = [];
  const ends = new Ends();
  ends.use({ [Symbol.asyncDispose]: async () => void ended.push('first') });
  ends.defer(() => Promise.reject(new Error('it is busy')));
  ends.defer(() => ended.push('last'));
  await expect(ends.all()).rejects.toThrow('it is busy');
  expect(ended).toEqual(['last', 'first']);
  await ends.all();
  expect(ended).toHaveLength(2);
});
