import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startHeartbeat } from '../../src/heartbeat.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

/** Times of the beats, each of which takes as long as `lengths` says. */
function beatsWithin(total: number, interval: number, lengths: readonly number[] = []): number[] {
  const start = performance.now();
  const beats: number[] = [];
  const stop = startHeartbeat(interval, () => {
    const length = lengths[beats.length] ?? 0;
    beats.push(Math.round(performance.now() - start));
    if (length > 0) vi.advanceTimersByTime(length);
  });
  vi.advanceTimersByTime(total);
  stop();
  return beats.filter((time) => time <= total);
}

it('beats at once and then in its rhythm, whatever time a beat takes', () => {
  expect(beatsWithin(450, 100)).toEqual([0, 100, 200, 300, 400]);
  expect(beatsWithin(350, 100, [30, 40])).toEqual([0, 100, 200, 300]);
});

it('rests half an interval behind a beat that took too long, and makes up for none', () => {
  expect(beatsWithin(600, 100, [250])).toEqual([0, 300, 400, 500, 600]);
});

it('stops, also from within a beat', () => {
  let beats = 0;
  const stop = startHeartbeat(100, () => {
    beats += 1;
    if (beats === 2) stop();
  });
  vi.advanceTimersByTime(1000);
  expect(beats).toBe(2);
});
