const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export type DurationStyle = 'long' | 'short' | 'narrow';

/**
 * A span of milliseconds in its two largest units: `2 hr, 10 min`, `45 sec`. Rounds down, and a negative span is zero:
 * time left must never look longer than it is.
 */
export function formatDuration(ms: number, locale: string, style: DurationStyle = 'short'): string {
  const span = Math.max(0, ms);
  const days = Math.floor(span / DAY);
  const hours = Math.floor((span % DAY) / HOUR);
  const minutes = Math.floor((span % HOUR) / MINUTE);
  const seconds = Math.floor((span % MINUTE) / SECOND);
  const format = new Intl.DurationFormat(locale, { style });
  if (days > 0) return format.format({ days, hours });
  if (hours > 0) return format.format({ hours, minutes });
  if (minutes > 0) return format.format({ minutes, seconds });
  return new Intl.DurationFormat(locale, { style, secondsDisplay: 'always' }).format({ seconds });
}
