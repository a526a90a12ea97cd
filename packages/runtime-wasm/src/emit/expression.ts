import { signed, unsigned } from './leb.ts';

export type ValueType = 'i32' | 'i64';
export type ResultType = ValueType | 'none';

/** Code that leaves one value of a type on the stack, or none. */
export interface Expression<T extends ResultType = ResultType> {
  readonly type: T;
  readonly code: readonly number[];
}

/** An i32: an expression, or a literal. Addresses and lengths are of this type. */
export type Word = Expression<'i32'> | number;
/** An i64: an expression, or a literal. */
export type Long = Expression<'i64'> | bigint;
export type Operand = Word | Long;

export interface Local<T extends ValueType = ValueType> extends Expression<T> {
  readonly setter: readonly number[];
}
/** Globals are written and read as locals are. */
export type Variable<T extends ValueType = ValueType> = Local<T>;

export interface Callee<R extends ResultType = ResultType> {
  readonly index: number;
  readonly params: readonly ValueType[];
  readonly result: R;
}

const I32_CONST = 0x41;
const I64_CONST = 0x42;
const CALL = 0x10;

export const codeOf = (operand: Operand): readonly number[] => {
  if (typeof operand === 'number') return [I32_CONST, ...signed(BigInt.asIntN(32, BigInt(operand)))];
  if (typeof operand === 'bigint') return [I64_CONST, ...signed(BigInt.asIntN(64, operand))];
  return operand.code;
};

const apply = <R extends ValueType>(
  type: R,
  opcode: readonly number[],
  ...operands: readonly Operand[]
): Expression<R> => ({ type, code: [...operands.flatMap(codeOf), ...opcode] });

const onWords = (opcode: number) => (left: Word, right: Word) => apply('i32', [opcode], left, right);
const onLongs = (opcode: number) => (left: Long, right: Long) => apply('i64', [opcode], left, right);
const compareLongs = (opcode: number) => (left: Long, right: Long) => apply('i32', [opcode], left, right);

// The alignment that a load states is a hint only; 0 is always right.
const loadWord =
  (opcode: number) =>
  (address: Word, offset = 0) =>
    apply('i32', [opcode, 0, ...unsigned(offset)], address);

/** Unsigned 32-bit arithmetic; comparisons give 1 or 0. */
export const i32 = {
  add: onWords(0x6a),
  sub: onWords(0x6b),
  mul: onWords(0x6c),
  div: onWords(0x6e),
  and: onWords(0x71),
  or: onWords(0x72),
  shl: onWords(0x74),
  shr: onWords(0x76),
  eq: onWords(0x46),
  ne: onWords(0x47),
  lt: onWords(0x49),
  gt: onWords(0x4b),
  le: onWords(0x4d),
  ge: onWords(0x4f),
  not: (value: Word) => apply('i32', [0x45], value),
  load: loadWord(0x28),
  load8: loadWord(0x2d),
  load16: loadWord(0x2f),
  /** The low half of a long. */
  low: (value: Long) => apply('i32', [0xa7], value),
};

/** Unsigned 64-bit arithmetic; comparisons are words. */
export const i64 = {
  add: onLongs(0x7c),
  sub: onLongs(0x7d),
  mul: onLongs(0x7e),
  div: onLongs(0x80),
  and: onLongs(0x83),
  or: onLongs(0x84),
  shl: onLongs(0x86),
  shr: onLongs(0x88),
  eq: compareLongs(0x51),
  ne: compareLongs(0x52),
  lt: compareLongs(0x54),
  gt: compareLongs(0x56),
  le: compareLongs(0x58),
  ge: compareLongs(0x5a),
  load: (address: Word, offset = 0) => apply('i64', [0x29, 0, ...unsigned(offset)], address),
  extend: (value: Word) => apply('i64', [0xad], value),
};

export const call = <R extends ResultType>(
  callee: Callee<R>,
  ...operands: readonly Operand[]
): Expression<R> => ({
  type: callee.result,
  code: [...operands.flatMap(codeOf), CALL, ...unsigned(callee.index)],
});

/** `condition ? left : right`; both sides are computed. */
export const select = (condition: Word, left: Word, right: Word): Expression<'i32'> =>
  apply('i32', [0x1b], left, right, condition);

export const selectLong = (condition: Word, left: Long, right: Long): Expression<'i64'> =>
  apply('i64', [0x1b], left, right, condition);

/** Substrate's way to hand over bytes: the address in the low half, the length in the high half. */
export const span = (address: Word, length: Word): Expression<'i64'> =>
  i64.or(i64.extend(address), i64.shl(i64.extend(length), 32n));
