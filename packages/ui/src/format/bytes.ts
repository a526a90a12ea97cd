const STEP = 1024;
const UNITS = ['MiB', 'GiB', 'TiB', 'PiB'] as const;

/** An amount of memory given in MiB: `512 MiB`, `1.5 GiB`. */
export function formatMib(mib: number, locale: string): string {
  let value = mib;
  let unit = 0;
  while (value >= STEP && unit < UNITS.length - 1) {
    value /= STEP;
    unit += 1;
  }
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(value);
  return `${number}\u00a0${UNITS[unit]}`;
}

/** An amount of disk given in GiB: `20 GiB`, `1.5 TiB`. */
export function formatGib(gib: number, locale: string): string {
  return formatMib(gib * STEP, locale);
}
