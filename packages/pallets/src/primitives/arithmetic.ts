export const MAX_U32 = 2 ** 32 - 1;
export const MAX_U64 = (1n << 64n) - 1n;
export const MAX_U128 = (1n << 128n) - 1n;

export const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);
export const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** `a / b`, rounded up; both non-negative, `b` not zero. */
export const ceilDivide = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;

/** `whole × part ÷ parts`, rounded down; `parts` not zero. */
export const shareOf = (whole: bigint, part: bigint, parts: bigint): bigint => (whole * part) / parts;

/** Whether the chain can store it as a balance. BigInt itself never wraps, so one check at the end of a sum is enough. */
export const isBalance = (value: bigint): boolean => value >= 0n && value <= MAX_U128;

/** Whether the chain can store it as a moment or a span in milliseconds. */
export const isMoment = (value: bigint): boolean => value >= 0n && value <= MAX_U64;
