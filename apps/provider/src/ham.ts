const DECIMALS = 12;

/** Planck of a decimal HAM text that the config's pattern has let through, e.g. "0.005". */
export function planckOf(ham: string): bigint {
  const [whole = '0', fraction = ''] = ham.split('.');
  return BigInt(whole) * 10n ** BigInt(DECIMALS) + BigInt(fraction.padEnd(DECIMALS, '0'));
}
