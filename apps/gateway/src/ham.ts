const DECIMALS = 12;
const UNIT = 10n ** BigInt(DECIMALS);

/** A setting's amount: decimal HAM, e.g. `0.5`. */
export const HAM_PATTERN = '^\\d{1,15}(\\.\\d{1,12})?$';

/** Exact, as settings and the API have it: `1.5`. */
export function hamText(planck: bigint): string {
  const fraction = (planck % UNIT).toString().padStart(DECIMALS, '0').replace(/0+$/, '');
  return `${planck / UNIT}${fraction && `.${fraction}`}`;
}

/** Exact: `1.5 HAM`. */
export function ham(planck: bigint): string {
  return `${hamText(planck)} HAM`;
}

/** Planck of text that fits the pattern. */
export function planckOf(text: string): bigint {
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(whole) * UNIT + BigInt(fraction.padEnd(DECIMALS, '0'));
}
