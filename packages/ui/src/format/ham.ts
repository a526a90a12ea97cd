const DECIMALS = 12;
const PLANCK_PER_HAM = 10n ** BigInt(DECIMALS);
const SYMBOL = 'HAM';
const NO_BREAK_SPACE = '\u00a0';
const AMOUNT = /^\d{1,15}(?:\.\d{1,12})?$/;

/** The exact decimal text of an amount in planck, without a unit: `1500000000000n` is `1.5`. */
export function hamText(planck: bigint): `${number}` {
  const sign = planck < 0n ? '-' : '';
  const magnitude = planck < 0n ? -planck : planck;
  const fraction = (magnitude % PLANCK_PER_HAM).toString().padStart(DECIMALS, '0').replace(/0+$/, '');
  const whole = (magnitude / PLANCK_PER_HAM).toString();
  return `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}` as `${number}`;
}

/**
 * An amount for people, with its unit. Rounds to four decimals, but never to fewer than three significant digits, so
 * a small price does not become zero. Exact text: {@link hamText}.
 */
export function formatHam(planck: bigint, locale: string): string {
  const number = new Intl.NumberFormat(locale, {
    maximumFractionDigits: 4,
    maximumSignificantDigits: 3,
    roundingPriority: 'morePrecision',
  }).format(hamText(planck));
  return `${number}${NO_BREAK_SPACE}${SYMBOL}`;
}

/** Planck of a typed decimal such as `0.25`; `undefined` if it is no such number or finer than one planck. */
export function parseHam(text: string): bigint | undefined {
  const trimmed = text.trim();
  if (!AMOUNT.test(trimmed)) return undefined;
  const [whole = '0', fraction = ''] = trimmed.split('.');
  return BigInt(whole) * PLANCK_PER_HAM + BigInt(fraction.padEnd(DECIMALS, '0'));
}
