const SECOND = 1_000n;
const SPANS: readonly (readonly [bigint, string])[] = [
  [86_400n * SECOND, 'd'],
  [3_600n * SECOND, 'h'],
  [60n * SECOND, 'min'],
  [SECOND, 's'],
];
const HAM = 10n ** 12n;
const DECIMALS = 12;

/** A number in the unit that its documentation ends with: "… , ms." is shown as a span of time. */
export function inUnit(value: bigint, docs: string): string {
  if (/\bms\.$/.test(docs)) return span(value);
  if (/\bplanck\.$/.test(docs)) return `${ham(value)} HAM`;
  if (/\bmillionths\.$/.test(docs)) return `${Number(value) / 10_000} %`;
  return value.toLocaleString('en-US');
}

function span(milliseconds: bigint): string {
  const [size, name] = SPANS.find(([unit]) => milliseconds >= unit && milliseconds % unit === 0n) ?? [
    1n,
    'ms',
  ];
  return `${milliseconds / size} ${name}`;
}

function ham(planck: bigint): string {
  const fraction = String(planck % HAM)
    .padStart(DECIMALS, '0')
    .replace(/0+$/, '');
  const whole = (planck / HAM).toLocaleString('en-US');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}
