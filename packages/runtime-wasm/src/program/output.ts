import { call, i32, i64, type Callee, type WasmModule, span } from '../emit/index.ts';
import type { Basics } from './basics.ts';

/** Longer than any answer that is put together; constant answers lie in the data. */
const LONGEST_ANSWER = 512;

/** Puts an answer together, piece by piece, in SCALE. */
export const output = (module: WasmModule, { copy }: Basics) => {
  const start = module.memory.reserve(LONGEST_ANSWER);
  const at = module.global('i32');

  const advance = (type: 'i32' | 'i64', bytes: number, store: 'store8' | 'store32'): Callee<'none'> =>
    module.function([type], 'none', (body, value) => {
      const word = value.type === 'i32' ? value : i32.low(value as never);
      body[store](at, word as never);
      body.set(at, i32.add(at, bytes));
    });

  const u8 = advance('i32', 1, 'store8');
  const u32 = advance('i32', 4, 'store32');
  const u64 = module.function(['i64'], 'none', (body, value) => {
    body.store64(at, value);
    body.set(at, i32.add(at, 8));
  });

  /** Address, length. */
  const raw = module.function(['i32', 'i32'], 'none', (body, from, length) => {
    body.run(call(copy, at, from, length));
    body.set(at, i32.add(at, length));
  });

  const largeCompact = module.function(['i64'], 'none', (body, value) => {
    const count = body.word(4);
    body.while(i32.and(i32.lt(count, 8), i64.ne(i64.shr(value, i64.extend(i32.shl(count, 3))), 0n)), () =>
      body.set(count, i32.add(count, 1)),
    );
    body.run(call(u8, i32.or(i32.shl(i32.sub(count, 4), 2), 3)));
    body.store64(at, value);
    body.set(at, i32.add(at, count));
  });

  /** A number of up to 64 bits in compact form. */
  const compact = module.function(['i64'], 'none', (body, value) => {
    body.if(i64.ge(value, 1n << 30n), () => {
      body.run(call(largeCompact, value));
      body.return();
    });
    const word = body.word(i32.shl(i32.low(value), 2));
    body.if(i64.lt(value, 1n << 6n), () => {
      body.run(call(u8, word));
      body.return();
    });
    const isLong = i64.ge(value, 1n << 14n);
    body.store32(at, i32.or(word, i32.add(isLong, 1)));
    body.set(at, i32.add(i32.add(at, 2), i32.shl(isLong, 1)));
  });

  /** Begins an answer; forgets the one before. */
  const begin = module.function([], 'none', (body) => body.set(at, start));
  /** The span of the answer. */
  const finish = module.function([], 'i64', (body) => body.return(span(start, i32.sub(at, start))));

  return { u8, u32, u64, raw, compact, begin, finish };
};

export type Output = ReturnType<typeof output>;
