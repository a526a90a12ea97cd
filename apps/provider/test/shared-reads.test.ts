import { describe, expect, test } from 'vitest';
import { sharedReads } from '../src/access/shared-reads.ts';

/** Reads that end when they are told to. */
function pending() {
  const begun: PromiseWithResolvers<string>[] = [];
  const ask = sharedReads(() => {
    const read = Promise.withResolvers<string>();
    begun.push(read);
    return read.promise;
  });
  return { begun, ask };
}

describe('reads of the chain for those who ask', () => {
  test('are shared by all who ask while one is under way, and begin after they asked', async () => {
    const { begun, ask } = pending();
    const first = ask();
    await expect.poll(() => begun.length).toBe(1);
    const others = Array.from({ length: 1000 }, () => ask());
    begun[0]?.resolve('before');
    expect(await first).toBe('before');
    await expect.poll(() => begun.length).toBe(2);
    begun[1]?.resolve('after');
    expect(new Set(await Promise.all(others))).toEqual(new Set(['after']));
    expect(begun).toHaveLength(2);
  });

  test('that fail are no reason for the next to fail', async () => {
    const { begun, ask } = pending();
    const failing = ask();
    await expect.poll(() => begun.length).toBe(1);
    const next = ask();
    begun[0]?.reject(new RangeError('no chain'));
    await expect(failing).rejects.toThrow('no chain');
    await expect.poll(() => begun.length).toBe(2);
    begun[1]?.resolve('there again');
    expect(await next).toBe('there again');
  });
});
