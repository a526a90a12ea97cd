import { describe, expect, it } from 'vitest';
import { Rate } from '../../src/network/rate.ts';
import { Aside, MOST_ALONE_MS } from '../../src/network/sync/aside.ts';

describe('a peer that failed', () => {
  it('is left alone for twice as long each time, up to five minutes, and not believed until it keeps its word', () => {
    let now = 0;
    const aside = new Aside(() => now);
    const pauses = Array.from({ length: 8 }, () => {
      aside.add('peer');
      const begun = now;
      while (aside.has('peer')) now += 1_000;
      return now - begun;
    });
    expect(pauses).toEqual([5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000]);
    expect(aside.isSuspect('peer')).toBe(true);
    aside.forgive('peer');
    expect([aside.isSuspect('peer'), aside.has('peer')]).toEqual([false, false]);
  });

  it('is left alone for fifteen seconds at most where nobody else has the blocks', () => {
    let now = 0;
    const aside = new Aside(() => now);
    const pauses = Array.from({ length: 6 }, () => {
      aside.add('peer');
      const begun = now;
      while (aside.has('peer', MOST_ALONE_MS)) now += 1_000;
      return now - begun;
    });
    expect(pauses).toEqual([5_000, 10_000, 15_000, 15_000, 15_000, 15_000]);
    expect(aside.has('peer')).toBe(true);
  });

  it('is forgotten when too many others failed since', () => {
    const aside = new Aside(() => 0);
    for (let index = 0; index <= 1_024; index++) aside.add(`peer ${index}`);
    expect([aside.isSuspect('peer 0'), aside.isSuspect('peer 1')]).toEqual([false, true]);
  });
});

it('work that is done already is counted, and has to be earned back', () => {
  let now = 0;
  const rate = new Rate(100, () => now);
  rate.spend(1_000);
  expect(rate.isOverdrawn()).toBe(true);
  now = 5_999;
  expect(rate.isOverdrawn()).toBe(true);
  now = 6_001;
  expect(rate.isOverdrawn()).toBe(false);
});
