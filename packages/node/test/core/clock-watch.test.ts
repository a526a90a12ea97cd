import { expect, it } from 'vitest';
import { ClockWatch } from '../../src/clock-watch.ts';
import { recorder } from './harness.ts';

/** A clock that is set to `leap` ms more than the time that went by, with each block; blocks have the time of `chain`. */
function told(blocks: readonly { readonly leap?: number; readonly ahead?: number }[]): string[] {
  const { logger, lines } = recorder();
  let [now, elapsed] = [1_700_000_000_000, 0];
  const watch = new ClockWatch({ logger, now: () => now, elapsed: () => elapsed });
  for (const { leap = 0, ahead = 0 } of blocks) {
    now += 6_000 + leap;
    elapsed += 6_000;
    watch.made(now + ahead);
  }
  return lines.map(({ level, message }) => `${level}: ${message.slice(0, 48)}`);
}

const LEAP = 'warn: The clock of this host leapt ahead: it was set, ';
const AHEAD = 'warn: Time on chain is ahead of the clock of this host';
const UP = 'info: The clock of this host has come up with time on ';

it('says nothing of a clock that goes as time does, more or less', () => {
  expect(told([{}, { leap: 20_000 }, { ahead: 6_000 }, { leap: -20_000, ahead: 26_000 }, {}])).toEqual([]);
});

it('tells of a clock that leapt ahead, each time', () => {
  expect(told([{}, { leap: 3_600_000 }, {}, { leap: 90_000 }])).toEqual([LEAP, LEAP].map(short));
});

it('tells once of a chain that is ahead of it, and when that is over', () => {
  const ahead = [60_000, 57_000, 54_000, 10_000, 0, 0, 40_000].map((each) => ({ ahead: each }));
  expect(told(ahead)).toEqual([AHEAD, UP, AHEAD].map(short));
});

function short(line: string): string {
  const [level = ''] = line.split(': ');
  return line.slice(0, level.length + 2 + 48);
}
