import { duration } from './duration.ts';

/** What a renter is told before the end; ms. */
export function endingText(lease: number, leftMs: number): string {
  return `ends in ${duration(leftMs)}, and its data with it. Extend it with: hamster extend ${lease} --hours <number>`;
}
