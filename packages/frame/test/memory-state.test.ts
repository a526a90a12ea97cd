import { describe, expect, it } from 'vitest';
import { MemoryState } from '../src/index.ts';

const key = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);
const contents = (state: MemoryState): number[][] => [...state.entries()].map(([k, v]) => [...k, ...v]);

describe('MemoryState', () => {
  it('undoes a layer, keys and order included', () => {
    const state = new MemoryState();
    state.put(key(2), key(20));
    state.put(key(200), key(1));
    const before = contents(state);
    state.begin();
    state.put(key(1), key(10));
    state.delete(key(2));
    state.begin();
    state.put(key(2), key(99));
    state.commit();
    state.rollback();
    expect(contents(state)).toEqual(before);
  });

  it('lists in byte order and steps over gaps', () => {
    const state = new MemoryState();
    for (const k of [key(1, 255), key(1), key(255), key(1, 0)]) state.put(k, key(0));
    expect([...state.keys(key(1))]).toEqual([key(1), key(1, 0), key(1, 255)]);
    expect([...state.keys(key(1), key(1, 0))]).toEqual([key(1, 255)]);
    expect(state.nextKey(key(1, 7))).toEqual(key(1, 255));
    expect(state.nextKey(key(255))).toBeUndefined();
  });
});
