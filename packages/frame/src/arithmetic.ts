import { arithmeticFailure } from './failure.ts';

export const U64_MAX = (1n << 64n) - 1n;
export const U128_MAX = (1n << 128n) - 1n;

const checked = (value: bigint, max: bigint): bigint => {
  if (value > max) throw arithmeticFailure('Overflow');
  if (value < 0n) throw arithmeticFailure('Underflow');
  return value;
};

/** Checked arithmetic: leaving 0..=max is a dispatch failure, never a wrap. `max` is that of u128 unless given. */
export const checkedAdd = (a: bigint, b: bigint, max = U128_MAX): bigint => checked(a + b, max);
export const checkedSub = (a: bigint, b: bigint): bigint => checked(a - b, U128_MAX);
export const checkedMul = (a: bigint, b: bigint, max = U128_MAX): bigint => checked(a * b, max);

/** Whole division that rounds up. */
export const divideUp = (a: bigint, b: bigint): bigint => {
  if (b === 0n) throw arithmeticFailure('DivisionByZero');
  return (a + b - 1n) / b;
};

/** `amount × numerator ÷ denominator`, rounded down: shares, percents and pro-rata time. */
export const portion = (amount: bigint, numerator: bigint, denominator: bigint): bigint => {
  if (denominator === 0n) throw arithmeticFailure('DivisionByZero');
  return (amount * numerator) / denominator;
};

export const minOf = (a: bigint, b: bigint): bigint => (a < b ? a : b);
export const maxOf = (a: bigint, b: bigint): bigint => (a > b ? a : b);
