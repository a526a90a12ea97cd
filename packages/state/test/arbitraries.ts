import { MemoryState } from '@hamster/frame';
import fc from 'fast-check';
import type { Change } from '../src/index.ts';

/** Few distinct nibbles and lengths, so that keys share prefixes, contain each other and collide often. */
export const keys: fc.Arbitrary<Uint8Array> = fc
  .array(fc.constantFrom(0x00, 0x01, 0x10, 0x11, 0xf0), { minLength: 1, maxLength: 4 })
  .map((bytes) => Uint8Array.from(bytes));

/** Lengths around those at which nodes and values stop being inlined; contents that repeat. */
export const values: fc.Arbitrary<Uint8Array> = fc
  .tuple(fc.constantFrom(0, 1, 4, 27, 31, 32, 33, 64), fc.constantFrom(1, 2))
  .map(([length, byte]) => new Uint8Array(length).fill(byte));

export const changes: fc.Arbitrary<Change[]> = fc.array(
  fc.tuple(keys, fc.option(values, { nil: undefined, freq: 2 })),
  { maxLength: 12 },
);

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** What is left when the changes are applied in order. */
export function apply(state: Map<string, Change>, batch: readonly Change[]): Change[] {
  for (const change of batch) {
    if (change[1]) state.set(hex(change[0]), change);
    else state.delete(hex(change[0]));
  }
  return [...state].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, change]) => change);
}

/** What the changes leave, as a state. */
export function stateOf(batch: Iterable<Change>): MemoryState {
  const state = new MemoryState();
  for (const [key, value] of batch) {
    if (value) state.put(key, value);
    else state.delete(key);
  }
  return state;
}
