import { call, i32, i64, select, type WasmModule } from '../emit/index.ts';
import type { Basics } from './basics.ts';

const U128_BYTES = 16;

/**
 * Reads bytes that somebody else made. A read that the bytes do not allow sets `fault` and gives zeros: so a reader
 * goes on to its end, and looks once whether all went well. `fault` also ends the loops.
 */
export const cursor = (module: WasmModule, { zeros }: Basics) => {
  const at = module.global('i32');
  const end = module.global('i32');
  const fault = module.global('i32');
  /** The upper half of the compact integer that was read last. */
  const compactHigh = module.global('i64');

  /** Length → address of so many bytes, at most 128 of them unless it is known that they are there. */
  const take = module.function(['i32'], 'i32', (body, length) => {
    const start = body.word(at);
    body.if(i32.gt(length, i32.sub(end, at)), () => {
      body.set(fault, 1);
      body.set(at, end);
      body.return(zeros);
    });
    body.set(at, i32.add(at, length));
    body.return(start);
  });

  /** Length → whether so many bytes could be passed over. */
  const skip = module.function(['i32'], 'none', (body, length) => body.run(call(take, length)));

  const u8 = module.function([], 'i32', (body) => body.return(i32.load8(call(take, 1))));

  const largeCompact = module.function(['i32'], 'i64', (body, length) => {
    const low = body.local('i64');
    body.if(i32.gt(length, U128_BYTES), () => body.set(fault, 1));
    const start = body.word(call(take, select(i32.gt(length, U128_BYTES), U128_BYTES, length)));
    const index = body.word(length);
    body.while(i32.and(i32.ne(index, 0), i32.not(fault)), () => {
      body.set(index, i32.sub(index, 1));
      const byte = body.word(i32.load8(i32.add(start, index)));
      body.if(i32.and(i32.eq(index, i32.sub(length, 1)), i32.not(byte)), () => body.set(fault, 1));
      body.set(compactHigh, i64.or(i64.shl(compactHigh, 8n), i64.shr(low, 56n)));
      body.set(low, i64.or(i64.shl(low, 8n), i64.extend(byte)));
    });
    const isShort = i32.and(i64.eq(compactHigh, 0n), i64.lt(low, 1n << 30n));
    body.if(isShort, () => body.set(fault, 1));
    body.return(low);
  });

  /** The lower half of a compact integer of up to 128 bits, in its shortest form. */
  const compact = module.function([], 'i64', (body) => {
    body.set(compactHigh, 0n);
    const start = body.word(at);
    const first = body.word(call(u8));
    const mode = body.word(i32.and(first, 3));
    body.if(i32.eq(mode, 0), () => body.return(i64.extend(i32.shr(first, 2))));
    body.if(i32.eq(mode, 3), () => body.return(call(largeCompact, i32.add(i32.shr(first, 2), 4))));
    body.run(call(take, select(i32.eq(mode, 1), 1, 3)));
    body.if(fault, () => body.return(0n));
    const value = body.word(i32.shr(select(i32.eq(mode, 1), i32.load16(start), i32.load(start)), 2));
    body.if(i32.lt(value, select(i32.eq(mode, 1), 1 << 6, 1 << 14)), () => body.set(fault, 1));
    body.return(i64.extend(value));
  });

  /** Largest value that is allowed → a compact integer. */
  const compactUpTo = module.function(['i64'], 'i64', (body, largest) => {
    const value = body.long(call(compact));
    const isTooLarge = i32.or(i64.ne(compactHigh, 0n), i64.gt(value, largest));
    body.if(isTooLarge, () => body.set(fault, 1));
    body.return(value);
  });

  /** A length prefix. */
  const length = module.function([], 'i32', (body) =>
    body.return(i32.low(call(compactUpTo, (1n << 30n) - 1n))),
  );

  /** Address, length: from now on the cursor is there. */
  const enter = module.function(['i32', 'i32'], 'none', (body, start, size) => {
    body.set(at, start);
    body.set(end, i32.add(start, size));
    body.set(fault, 0);
  });

  return { at, end, fault, compactHigh, take, skip, u8, compact, compactUpTo, length, enter };
};

export type Cursor = ReturnType<typeof cursor>;
