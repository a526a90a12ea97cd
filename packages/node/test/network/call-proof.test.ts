import { inOneGo, MemoryState, type Runtime, type StateReader } from '@hamster/frame';
import { u32 } from '@hamster/scale';
import { describe, expect, it } from 'vitest';
import { keysOfCall } from '../../src/network/serve/call-proof.ts';

/** Rules whose calls read so many keys, whatever becomes of each. */
const reads = (count: number): Runtime => {
  function* callInSteps(state: StateReader): Generator<void, Uint8Array> {
    for (let key = 0; key < count; key += 1) {
      try {
        state.get(u32.encode(key));
      } catch {
        // As rules go on behind a part that failed.
      }
    }
    yield;
    throw new RangeError('It fails in the end');
  }
  return { callInSteps } as unknown as Runtime;
};

const keysOf = (count: number) =>
  inOneGo(keysOfCall(reads(count), new MemoryState(), { method: 'Some_call', args: new Uint8Array() }));

describe('the keys of a call that is to be proved', () => {
  it('are all that it reads, also where it fails', () => {
    expect(keysOf(8_192)).toHaveLength(8_192);
  });

  it('are none where they are too many to prove', () => {
    expect(() => keysOf(8_193)).toThrow(expect.objectContaining({ code: 'NOT_AVAILABLE' }));
  });
});
