const DECIMALS = 12;
const HAM = 10n ** BigInt(DECIMALS);

/** Planck of a decimal HAM text that the config's pattern has let through, e.g. "0.005". */
export function planckOf(ham: string): bigint {
  const [whole = '0', fraction = ''] = ham.split('.');
  return BigInt(whole) * HAM + BigInt(fraction.padEnd(DECIMALS, '0'));
}

/** The exact decimal HAM text of an amount in planck, e.g. "0.005". */
export function hamOf(planck: bigint): string {
  const fraction = String(planck % HAM)
    .padStart(DECIMALS, '0')
    .replace(/0+$/, '');
  return `${planck / HAM}${fraction && `.${fraction}`}`;
}
