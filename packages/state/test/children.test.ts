import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Children } from '../src/trie/children.ts';
import { freshPlace, placed, WIDTH, type ChildRef } from '../src/trie/node.ts';

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
const place = fc.oneof(fc.nat(), fc.integer({ min: 0, max: 2 ** 47 - 1 }), fc.nat().map(freshPlace));
const child: fc.Arbitrary<ChildRef> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ hash, place }) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 31 }) },
);
const children = fc.array(fc.option(child, { nil: undefined }), { minLength: WIDTH, maxLength: WIDTH });
const changes = fc.array(
  fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, child, fc.constant(null)),
  {
    maxLength: WIDTH,
  },
);

const listOf = (refs: Children | undefined) =>
  refs?.list().map((ref) => (ref && 'hash' in ref ? { hash: ref.hash, place: ref.place } : ref)) ??
  new Array<undefined>(WIDTH).fill(undefined);

describe('the children of a branch', () => {
  it('are what they were made of', () => {
    fc.assert(
      fc.property(children, (refs) => {
        expect(listOf(Children.of(refs))).toEqual(refs);
      }),
    );
  });

  it('are others where they were changed, and were not before', () => {
    fc.assert(
      fc.property(children, changes, (refs, changed) => {
        const before = Children.of(refs);
        const after = before ? before.with(changed) : Children.of(changed);
        const wanted = refs.map((ref, nibble) =>
          changed[nibble] === undefined ? ref : (changed[nibble] ?? undefined),
        );
        expect(listOf(after)).toEqual(wanted);
        expect(listOf(before)).toEqual(refs);
      }),
    );
  });

  it('get the places that they did not have yet', () => {
    fc.assert(
      fc.property(children, (refs) => {
        const known = Children.of(refs);
        const wanted = refs.map((ref) =>
          ref && 'place' in ref ? { hash: ref.hash, place: placed(ref.place, 1_000) } : ref,
        );
        expect(listOf(known?.placed(1_000))).toEqual(wanted);
        expect(listOf(known)).toEqual(refs);
      }),
    );
  });
});
