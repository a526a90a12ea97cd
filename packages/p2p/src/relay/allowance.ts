import type { RelayLimits } from './relay-options.ts';
import { REMEMBERED_PEERS } from './traffic.ts';

/** What may be relayed in a day: in all, and for each source. */
export interface Allowance {
  /** Whether nothing more may be relayed for this source today. */
  isUsedUp(source: string): boolean;
  count(source: string, bytes: number): void;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Only sources have an allowance of their own: one of the holder could be used up by strangers, who would so cut a
 * provider off from its renters.
 */
export function allowance(
  limits: Pick<RelayLimits, 'bytesPerDay' | 'sourceBytesPerDay'>,
  now: () => number,
): Allowance {
  const used = new Map<string, number>();
  let total = 0;
  let day = dayOf(now());

  function turnDay(): void {
    if (dayOf(now()) === day) return;
    day = dayOf(now());
    used.clear();
    total = 0;
  }

  return {
    isUsedUp(source) {
      turnDay();
      return total >= limits.bytesPerDay || (used.get(source) ?? 0) >= limits.sourceBytesPerDay;
    },
    count(source, bytes) {
      turnDay();
      total += bytes;
      const before = used.get(source) ?? 0;
      used.delete(source);
      used.set(source, before + bytes);
      const [oldest] = used.keys();
      if (used.size > REMEMBERED_PEERS && oldest !== undefined) used.delete(oldest);
    },
  };
}

function dayOf(moment: number): number {
  return Math.floor(moment / DAY_MS);
}
