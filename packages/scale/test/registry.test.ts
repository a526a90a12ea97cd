import { describe, expect, it } from 'vitest';
import {
  bytes,
  compact,
  fixedBytes,
  lazy,
  option,
  struct,
  text,
  tuple,
  type Type,
  TypeRegistry,
  u32,
  u8,
  variant,
  vec,
} from '../src/index.ts';

describe('TypeRegistry', () => {
  it('gives nameless types that look the same the same id', () => {
    const registry = new TypeRegistry();
    expect(registry.idOf(bytes)).toBe(registry.idOf(vec(u8)));
    expect(registry.idOf(option(u32))).toBe(registry.idOf(option(u32)));
    expect(registry.idOf(option(u32))).not.toBe(registry.idOf(option(u8)));
  });

  it('keeps ids equal to positions', () => {
    const registry = new TypeRegistry();
    registry.idOf(struct('a::B', { x: vec(option(u8)), y: struct('a::C', { z: bytes }) }));
    expect(registry.list().map(({ id }) => id)).toEqual(registry.list().map((_, index) => index));
  });

  it('names the type of every field, as in source code', () => {
    const registry = new TypeRegistry();
    registry.idOf(
      struct('a::B', {
        list: vec(u8),
        maybe: option(struct('a::C', {})),
        four: fixedBytes(4),
        pair: tuple(u32, compact(u32)),
        words: text,
      }),
    );
    registry.idOf(variant('a::E', { Many: [u8, vec(u32)], Named: { at: u32 } }));
    const fields = registry.list().flatMap(({ def }) => {
      if (def.tag === 'composite') return def.value;
      return def.tag === 'variant' ? def.value.flatMap((each) => each.fields) : [];
    });
    expect(fields.map(({ name, typeName }) => [name, typeName])).toEqual(
      expect.arrayContaining([
        ['list', 'Vec<u8>'],
        ['maybe', 'Option<C>'],
        ['four', '[u8; 4]'],
        ['pair', '(u32, Compact<u32>)'],
        ['words', 'String'],
        [undefined, 'u8'],
        [undefined, 'Vec<u32>'],
        ['at', 'u32'],
      ]),
    );
  });

  it('follows a type that contains itself', () => {
    type Call =
      | { readonly type: 'Noop'; readonly value?: undefined }
      | { readonly type: 'Batch'; readonly value: readonly Call[] };
    const Call: Type<Call> = variant('a::Call', { Noop: null, Batch: vec(lazy((): Type<Call> => Call)) });
    const registry = new TypeRegistry();
    const id = registry.idOf(Call);
    const sequence = registry.list().find(({ def }) => def.tag === 'sequence');
    expect(sequence?.def.value).toBe(id);
  });
});
