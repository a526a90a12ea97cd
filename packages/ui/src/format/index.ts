export { shortAddress } from './address.ts';
export { formatGib, formatMib } from './bytes.ts';
export { formatMoment } from './date.ts';
export { formatDuration, type DurationStyle } from './duration.ts';
export { formatHam, hamText, parseHam } from './ham.ts';
