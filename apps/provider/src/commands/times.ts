import { DaemonError, EXIT_USAGE } from '@hamster/daemon';

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The ms of a text such as 90m, 2h or 30d. Throws DaemonError USAGE. */
export function durationOf(text: string): number {
  const [, count, unit] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  const ms = Number(count) * (UNITS[unit ?? ''] ?? NaN);
  if (ms > 0) return ms;
  throw wrong(text, 'a duration such as 90m, 2h or 30d');
}

/** The moment, ms since 1970, of an ISO date and time, or of a duration from now on as +25h. Throws DaemonError USAGE. */
export function momentOf(text: string, now: number): number {
  if (text.startsWith('+')) return now + durationOf(text.slice(1));
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : NaN;
  if (Number.isFinite(time)) return time;
  throw wrong(text, 'a date and time such as 2027-01-31T22:00Z, or a duration from now on such as +25h');
}

/** Throws DaemonError USAGE. */
export function wholeNumberOf(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw wrong(text, 'a whole number above zero');
}

function wrong(text: string, wanted: string): DaemonError {
  return new DaemonError('USAGE', `"${text}" is not ${wanted}.`, { exitCode: EXIT_USAGE });
}
