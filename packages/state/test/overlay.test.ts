import type { Codec, StateReader } from '@hamster/frame';
import { bytes, u8 } from '@hamster/scale';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_KEY_LENGTH, Overlay, type Change } from '../src/index.ts';
import { changes, keys, stateOf, values } from './arbitraries.ts';

type Step =
  | { readonly do: 'put'; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly do: 'putValue'; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly do: 'delete'; readonly key: Uint8Array }
  | { readonly do: 'begin' | 'commit' | 'rollback' };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('put' as const), key: keys, value: values }),
  fc.record({ do: fc.constant('putValue' as const), key: keys, value: values }),
  fc.record({ do: fc.constant('delete' as const), key: keys }),
  fc.record({ do: fc.constantFrom('begin' as const, 'commit' as const, 'rollback' as const) }),
);

/** The slow truth: every layer is a whole list of changes. */
class Model {
  readonly layers: Change[][] = [[]];

  run(step: Step, overlay: Overlay): void {
    if (step.do === 'put') {
      this.layers.at(-1)?.push([step.key, step.value]);
      overlay.put(step.key, step.value);
    } else if (step.do === 'putValue') {
      this.layers.at(-1)?.push([step.key, bytes.encode(step.value)]);
      overlay.putValue(step.key, bytes, step.value);
    } else if (step.do === 'delete') {
      this.layers.at(-1)?.push([step.key, undefined]);
      overlay.delete(step.key);
    } else if (step.do === 'begin') {
      this.layers.push([]);
      overlay.begin();
    } else if (this.layers.length > 1) {
      const top = this.layers.pop() ?? [];
      if (step.do === 'commit') this.layers.at(-1)?.push(...top);
      overlay[step.do]();
    }
  }

  over(base: readonly Change[]): StateReader {
    return stateOf([...base, ...this.layers.flat()]);
  }
}

describe('an overlay', () => {
  it('reads as the base with the changes of all open layers', () => {
    fc.assert(
      fc.property(changes, fc.array(step, { maxLength: 40 }), keys, (base, steps, probe) => {
        const overlay = new Overlay(stateOf(base));
        const model = new Model();
        for (const each of steps) model.run(each, overlay);
        const truth = model.over(base);
        expect(overlay.get(probe)).toEqual(truth.get(probe));
        expect(overlay.nextKey(probe)).toEqual(truth.nextKey(probe));
        expect([...overlay.keys(new Uint8Array())]).toEqual([...truth.keys(new Uint8Array())]);
        expect([...overlay.keys(probe.subarray(0, 1), probe)]).toEqual([
          ...truth.keys(probe.subarray(0, 1), probe),
        ]);
      }),
      { numRuns: 500 },
    );
  });

  it('steps right over what is deleted, also when it is asked again and again', () => {
    fc.assert(
      fc.property(changes, fc.array(step, { maxLength: 40 }), keys, (base, steps, probe) => {
        const overlay = new Overlay(stateOf(base));
        const model = new Model();
        for (const each of steps) {
          model.run(each, overlay);
          const truth = model.over(base);
          expect(overlay.nextKey(probe)).toEqual(truth.nextKey(probe));
          expect(overlay.nextKey(Uint8Array.of(0))).toEqual(truth.nextKey(Uint8Array.of(0)));
          expect(overlay.nextKey(Uint8Array.of(0))).toEqual(truth.nextKey(Uint8Array.of(0)));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('asks the base once for each entry of a queue, whatever else comes and goes meanwhile', () => {
    const queue = Array.from({ length: 200 }, (_, at): Change => [Uint8Array.of(1, at), Uint8Array.of(at)]);
    const other = Uint8Array.of(2);
    const base = stateOf([...queue, [other, Uint8Array.of(1)]]);
    let asked = 0;
    const overlay = new Overlay({
      get: (key) => base.get(key),
      keys: (prefix, after) => base.keys(prefix, after),
      nextKey: (after) => {
        asked += 1;
        return base.nextKey(after);
      },
    });
    for (const [key] of queue) {
      expect(overlay.nextKey(Uint8Array.of(1))).toEqual(key);
      overlay.delete(key);
      overlay.delete(other);
      overlay.begin();
      overlay.put(other, Uint8Array.of(3));
      overlay.rollback();
      overlay.put(other, Uint8Array.of(2));
    }
    expect(asked).toBeLessThanOrEqual(2 * queue.length);
  });

  it('lists in order only what really differs', () => {
    const base = stateOf([
      [Uint8Array.of(1), Uint8Array.of(1)],
      [Uint8Array.of(3), Uint8Array.of(3)],
    ]);
    const overlay = new Overlay(base);
    overlay.put(Uint8Array.of(9), Uint8Array.of(9));
    overlay.put(Uint8Array.of(1), Uint8Array.of(1));
    overlay.delete(Uint8Array.of(3));
    overlay.delete(Uint8Array.of(4));
    expect(overlay.changes()).toEqual([
      [Uint8Array.of(3), undefined],
      [Uint8Array.of(9), Uint8Array.of(9)],
    ]);
  });

  it('lets a loop delete what it walks over', () => {
    const entries = Array.from({ length: 20 }, (_, i): Change => [Uint8Array.of(7, i), Uint8Array.of(i)]);
    const overlay = new Overlay(stateOf(entries));
    for (const key of overlay.keys(Uint8Array.of(7))) overlay.delete(key);
    expect([...overlay.keys(Uint8Array.of(7))]).toEqual([]);
  });

  it('refuses layers that do not match and keys that the store cannot hold', () => {
    const overlay = new Overlay(stateOf([]));
    expect(() => overlay.commit()).toThrow(expect.objectContaining({ code: 'STATE_LAYERS' }));
    expect(() => overlay.put(new Uint8Array(MAX_KEY_LENGTH + 1), Uint8Array.of(1))).toThrow(
      expect.objectContaining({ code: 'STATE_KEY_LENGTH' }),
    );
    overlay.begin();
    expect(() => overlay.changes()).toThrow(expect.objectContaining({ code: 'STATE_LAYERS' }));
  });

  it('stays fast with many pending keys', () => {
    const overlay = new Overlay(stateOf([]));
    const total = 20_000;
    for (let i = 0; i < total; i++)
      overlay.put(Uint8Array.of(i * 7919, (i * 7919) >> 8, i >> 8, i), Uint8Array.of(1));
    let seen = 0;
    for (const key of overlay.keys(new Uint8Array())) {
      seen += 1;
      if (seen % 2) overlay.delete(key);
    }
    expect([seen, overlay.changes().length]).toEqual([total, total / 2]);
  });
});

describe('keys', () => {
  it('are told apart by their bytes, however many there are and whichever object holds them', () => {
    const overlay = new Overlay(stateOf([]));
    const held = Array.from({ length: 40 }, (_, index) => Uint8Array.of(7, index));
    for (const key of held) overlay.put(key, key.subarray(1));
    for (const key of [...held, ...held.map((each) => each.slice())]) {
      expect(overlay.get(key)).toEqual(key.subarray(1));
    }
  });
});

describe('what an overlay has read', () => {
  it('may be more than it keeps at hand: what is written stays, in all layers', () => {
    const key = (index: number) => Uint8Array.of(index >> 8, index);
    const all = Array.from({ length: 20_000 }, (_, index) => index);
    const overlay = new Overlay(stateOf(all.map((index) => [key(index), Uint8Array.of(1)])));
    const readAll = () => all.map((index) => overlay.get(key(index))?.[0]);
    overlay.put(key(0), Uint8Array.of(2));
    overlay.begin();
    for (const index of [0, 1, 19_999]) overlay.put(key(index), Uint8Array.of(3));
    overlay.delete(key(2));
    const changed = new Map<number, number | undefined>([
      [0, 3],
      [1, 3],
      [2, undefined],
      [19_999, 3],
    ]);
    expect(readAll()).toEqual(all.map((index) => (changed.has(index) ? changed.get(index) : 1)));
    overlay.rollback();
    expect(readAll()).toEqual(all.map((index) => (index === 0 ? 2 : 1)));
    expect(overlay.changes()).toEqual([[key(0), Uint8Array.of(2)]]);
  });

  it('is one thing under one key, also for who has held that since before it was forgotten', () => {
    const all = Array.from({ length: 10_000 }, (_, index) => Uint8Array.of(index >> 8, index));
    const overlay = new Overlay(stateOf([]));
    const found = all.map((key, index) => {
      const before = all[index - 1] ?? key;
      overlay.get(key);
      overlay.begin();
      overlay.put(before.slice(), Uint8Array.of(3));
      const value = overlay.get(before)?.[0];
      overlay.rollback();
      return value;
    });
    expect(found.filter((value) => value !== 3)).toEqual([]);
  });
});

/** Counts what it is asked for. */
class CountingCodec implements Codec<number> {
  encoded = 0;
  decoded = 0;

  encode(value: number): Uint8Array {
    this.encoded += 1;
    return u8.encode(value);
  }

  decode(value: Uint8Array): number {
    this.decoded += 1;
    return u8.decode(value);
  }
}

describe('a value that was put', () => {
  const key = Uint8Array.of(1);

  it('becomes bytes once, when its layer is committed, and is never decoded', () => {
    const codec = new CountingCodec();
    const overlay = new Overlay(stateOf([]));
    overlay.begin();
    for (const value of [1, 2, 3]) overlay.putValue(key, codec, value);
    expect([overlay.stored(key)?.as(codec), codec.encoded]).toEqual([3, 0]);
    overlay.begin();
    overlay.putValue(key, codec, 4);
    overlay.rollback();
    overlay.commit();
    expect([overlay.get(key), overlay.stored(key)?.as(codec)]).toEqual([Uint8Array.of(3), 3]);
    expect([codec.encoded, codec.decoded]).toEqual([1, 0]);
  });

  it('becomes bytes when somebody asks, if it could be checked when its layer was committed', () => {
    const codec = Object.assign(new CountingCodec(), { check: (value: number) => u8.check?.(value) });
    const overlay = new Overlay(stateOf([]));
    for (const value of [1, 2, 3]) {
      overlay.begin();
      overlay.putValue(key, codec, value);
      overlay.begin();
      overlay.commit();
      overlay.commit();
    }
    expect([overlay.stored(key)?.as(codec), codec.encoded]).toEqual([3, 0]);
    expect([overlay.changes(), overlay.get(key)]).toEqual([[[key, Uint8Array.of(3)]], Uint8Array.of(3)]);
    expect([codec.encoded, codec.decoded]).toEqual([1, 0]);
  });

  it('stays the bytes that somebody asked for: its layer is committed without encoding it again, by whatever codec', () => {
    const codec = new CountingCodec();
    const lossy: Codec<string> = {
      encode: () => {
        throw new Error('has nothing to encode');
      },
      decode: (value) => `${value.length} bytes`,
    };
    const overlay = new Overlay(stateOf([]));
    overlay.begin();
    overlay.putValue(key, codec, 3);
    expect(overlay.stored(key)?.as(lossy)).toBe('1 bytes');
    overlay.commit();
    expect([overlay.get(key), codec.encoded]).toEqual([Uint8Array.of(3), 1]);
  });

  it('is decoded once when it comes from the base, and again for another codec', () => {
    const [codec, other] = [new CountingCodec(), new CountingCodec()];
    const overlay = new Overlay(stateOf([[key, Uint8Array.of(7)]]));
    for (const asked of [codec, codec, other, other]) expect(overlay.stored(key)?.as(asked)).toBe(7);
    expect([codec.decoded, other.decoded]).toEqual([1, 1]);
  });

  it.each([
    { name: 'is checked', codec: u8 },
    { name: 'is encoded', codec: { encode: u8.encode, decode: u8.decode } },
  ])('does not leave its layer when it has no encoding, where it $name', ({ codec }) => {
    const overlay = new Overlay(stateOf([]));
    expect(() => overlay.putValue(key, codec, 256)).toThrow(
      expect.objectContaining({ code: 'SCALE_OUT_OF_RANGE' }),
    );
    overlay.putValue(key, codec, 1);
    overlay.begin();
    overlay.putValue(key, codec, 256);
    expect(() => overlay.commit()).toThrow(expect.objectContaining({ code: 'SCALE_OUT_OF_RANGE' }));
    overlay.rollback();
    expect(overlay.changes()).toEqual([[key, Uint8Array.of(1)]]);
  });
});
