const DECIMALS = 12;
const UNIT = 10n ** BigInt(DECIMALS);

/** Exact: `1.5 HAM`. */
export function ham(planck: bigint): string {
  const sign = planck < 0n ? '-' : '';
  const size = planck < 0n ? -planck : planck;
  const fraction = (size % UNIT).toString().padStart(DECIMALS, '0').replace(/0+$/, '');
  const whole = (size / UNIT).toString().replace(/\B(?=(\d{3})+$)/g, ',');
  return `${sign}${whole}${fraction && `.${fraction}`} HAM`;
}

/** To at most four decimals, or three digits that are not zero: for tables and fees. */
export function roundHam(planck: bigint): string {
  const step =
    10n ** BigInt(Math.max(0, Math.min(DECIMALS - 4, planck.toString().replace('-', '').length - 3)));
  const rounded = ((planck + (planck < 0n ? -step : step) / 2n) / step) * step;
  return ham(rounded);
}

/** Planck of a decimal number of HAM, or undefined for anything else. */
export function parseHam(text: string): bigint | undefined {
  const match = /^(\d{1,15})(?:\.(\d{1,12}))?(?:\s*HAM)?$/i.exec(text.trim());
  if (!match) return undefined;
  return BigInt(match[1] ?? '0') * UNIT + BigInt((match[2] ?? '').padEnd(DECIMALS, '0'));
}
