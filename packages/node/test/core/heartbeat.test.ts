import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startHeartbeat } from '../../src/heartbeat.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 10_030 }));
afterEach(() => void vi.useRealTimers());

/** Wall-clock times of the beats, each of which takes as long as `lengths` says. */
function beatsUntil(end: number, lengths: readonly number[] = []): number[] {
  const beats: number[] = [];
  const beat = () => {
    const length = lengths[beats.length] ?? 0;
    beats.push(Date.now());
    if (length > 0) vi.advanceTimersByTime(length);
  };
  const stop = startHeartbeat({ interval: 100, now: Date.now, beat });
  vi.advanceTimersByTime(end - Date.now());
  void stop();
  return beats.filter((time) => time <= end);
}

it('beats at once and then just behind the beginning of each slot, whatever time a beat takes', () => {
  expect(beatsUntil(10_350)).toEqual([10_030, 10_101, 10_201, 10_301]);
});

it('keeps to the slots when a beat takes some time', () => {
  expect(beatsUntil(10_350, [10, 30])).toEqual([10_030, 10_101, 10_201, 10_301]);
});

it('rests half an interval behind a beat that took too long, and makes up for none', () => {
  expect(beatsUntil(10_550, [250])).toEqual([10_030, 10_330, 10_401, 10_501]);
});

it('rests half an interval behind a beat that came late in its slot', () => {
  vi.setSystemTime(10_080);
  expect(beatsUntil(10_350)).toEqual([10_080, 10_130, 10_201, 10_301]);
});

it('stops, also from within a beat', () => {
  let beats = 0;
  const stop = startHeartbeat({
    interval: 100,
    now: Date.now,
    beat: () => {
      beats += 1;
      if (beats === 2) void stop();
    },
  });
  vi.advanceTimersByTime(1000);
  expect(beats).toBe(2);
});
