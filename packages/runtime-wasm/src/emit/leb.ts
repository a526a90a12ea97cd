/** LEB128 of an unsigned number below 2^32. */
export const unsigned = (value: number): number[] => {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest & 127) | (rest > 127 ? 128 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return bytes;
};

/** LEB128 of a signed number: the literals of i32 and i64. */
export const signed = (value: bigint): number[] => {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    const low = Number(rest & 127n);
    const next = rest >> 7n;
    const isLast = next === (low & 64 ? -1n : 0n);
    bytes.push(isLast ? low : low | 128);
    if (isLast) return bytes;
  }
};
