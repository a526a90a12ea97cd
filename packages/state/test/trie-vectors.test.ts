import { blake2b256, fromHex, toHex } from '@hamster/crypto';
import { describe, expect, it } from 'vitest';
import { compact, u32 } from '@hamster/scale';
import {
  EMPTY_ROOT,
  orderedRoot,
  orderedRootInSlices,
  trieRoot,
  type Change,
  type StateVersion,
} from '../src/index.ts';

const EMPTY = '0x03170a2e7597b7b7e3d84c05391d139a62b157e78786d8c082f29dcf4c111314';
const VERSIONS: StateVersion[] = [0, 1];

const hashOf = (encoded: string): string => toHex(blake2b256(fromHex(encoded)));
const entry = (key: string, value: string): Change => [fromHex(key), fromHex(value)];

/** Encodings written out by hand after the Polkadot specification and the tests of sp-trie. */
describe('trie root', () => {
  it.each(VERSIONS)('of nothing is the hash of a zero byte (version %i)', (version) => {
    expect(toHex(trieRoot([], version))).toBe(EMPTY);
    expect(toHex(orderedRoot([], version))).toBe(EMPTY);
    expect(toHex(EMPTY_ROOT)).toBe(EMPTY);
  });

  it.each(VERSIONS)('of one short entry is the hash of a leaf (version %i)', (version) => {
    expect(toHex(trieRoot([entry('0xaa', '0xbb')], version))).toBe(hashOf('0x42aa04bb'));
  });

  it('of two entries that part at the first nibble is a branch with inlined leaves', () => {
    const entries = [entry('0x4819', '0xfe'), entry('0x1314', '0xff')];
    // branch, no partial key; children 1 and 4; each a leaf of three nibbles, seven bytes with its length.
    const encoded = '0x80' + '1200' + '14430314' + '04ff' + '14430819' + '04fe';
    expect(toHex(trieRoot(entries, 0))).toBe(hashOf(encoded));
  });

  it('of an entry below another is a branch with a value', () => {
    const entries = [entry('0x12', '0x01'), entry('0x1234', '0x02')];
    const encoded = '0xc212' + '0800' + '0401' + '10' + '4104' + '0402';
    expect(toHex(trieRoot(entries, 1))).toBe(hashOf(encoded));
  });

  it('keeps a value of 32 bytes in its node and hashes one of 33 in version 1', () => {
    const [short, long] = ['11'.repeat(32), '11'.repeat(33)];
    expect(toHex(trieRoot([entry('0xaa', `0x${short}`)], 1))).toBe(hashOf(`0x42aa80${short}`));
    expect(toHex(trieRoot([entry('0xaa', `0x${long}`)], 0))).toBe(hashOf(`0x42aa84${long}`));
    const hashed = hashOf(`0x${long}`).slice(2);
    expect(toHex(trieRoot([entry('0xaa', `0x${long}`)], 1))).toBe(hashOf(`0x22aa${hashed}`));
  });

  it('writes partial keys of 63 nibbles and more with extra length bytes', () => {
    const key = '0x' + 'ab'.repeat(160);
    expect(toHex(trieRoot([entry(key, '0x01')], 1))).toBe(hashOf(`0x7fff02${key.slice(2)}0401`));
  });

  it('tells an empty value from none', () => {
    expect(toHex(trieRoot([entry('0xaa', '0x')], 1))).toBe(hashOf('0x42aa00'));
  });

  it('of a list has SCALE compact indexes as keys', () => {
    const items = Array.from({ length: 70 }, (_, index) => Uint8Array.of(index, 1, 2));
    const entries = items.map((item, index): Change => {
      const compact = index < 64 ? [index << 2] : [((index << 2) | 1) & 255, index >> 6];
      return [Uint8Array.from(compact), item];
    });
    expect(toHex(orderedRoot(items, 0))).toBe(toHex(trieRoot(entries, 0)));
  });

  it('of a long list is the same in slices', async () => {
    const items = Array.from({ length: 17_000 }, (_, index) => u32.encode(index));
    const entries = items.map((item, index): Change => [compact(u32).encode(index), item]);
    const sliced = await orderedRootInSlices(items, 0, () => Promise.resolve());
    expect(toHex(sliced)).toBe(toHex(trieRoot(entries, 0)));
    expect(toHex(orderedRoot(items, 0))).toBe(toHex(sliced));
  });
});
