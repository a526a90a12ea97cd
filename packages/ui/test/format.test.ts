import { describe, expect, test } from 'vitest';
import {
  formatDuration,
  formatGib,
  formatHam,
  formatMib,
  hamText,
  parseHam,
  shortAddress,
} from '../src/format/index.ts';

const HAM = 10n ** 12n;
const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

describe('money', () => {
  test('lesson 23: is exact as text, far beyond the range of a float', () => {
    expect(hamText(0n)).toBe('0');
    expect(hamText(1n)).toBe('0.000000000001');
    expect(hamText(1_500_000_000_000n)).toBe('1.5');
    expect(hamText(-2n * HAM - 1n)).toBe('-2.000000000001');
    expect(hamText(123_456_789_012_345_678n * HAM + 1n)).toBe('123456789012345678.000000000001');
  });

  test('is grouped and rounded for people, and a small price does not become zero', () => {
    expect(plain(formatHam(1_234_567n * HAM + HAM / 2n, 'en'))).toBe('1,234,567.5 HAM');
    expect(plain(formatHam(123_456n, 'en'))).toBe('0.000000123 HAM');
    expect(plain(formatHam((HAM * 12_345_678n) / 1_000_000n, 'en'))).toBe('12.3457 HAM');
    expect(plain(formatHam(HAM / 2n, 'de'))).toBe('0,5 HAM');
  });

  test('is read back to the planck, and anything else is refused', () => {
    expect(parseHam(' 0.25 ')).toBe(HAM / 4n);
    expect(parseHam('7')).toBe(7n * HAM);
    expect(parseHam('0.000000000001')).toBe(1n);
    for (const bad of ['', '.', '1.', '.5', '-1', '1e3', '1,5', '0.0000000000001', 'abc']) {
      expect(parseHam(bad), bad).toBeUndefined();
    }
  });
});

describe('durations', () => {
  const MINUTE = 60_000;

  test('show the two largest units and round down', () => {
    expect(formatDuration(45_900, 'en')).toBe('45 sec');
    expect(formatDuration(10 * MINUTE, 'en', 'long')).toBe('10 minutes');
    expect(formatDuration(2 * 60 * MINUTE + 10 * MINUTE + 59_000, 'en')).toBe('2 hr, 10 min');
    expect(formatDuration(49 * 60 * MINUTE, 'en', 'narrow')).toBe('2d 1h');
  });

  test('never go below zero', () => {
    expect(formatDuration(-5, 'en')).toBe('0 sec');
  });
});

test('memory and disk use binary units', () => {
  expect(plain(formatMib(512, 'en'))).toBe('512 MiB');
  expect(plain(formatMib(1536, 'en'))).toBe('1.5 GiB');
  expect(plain(formatGib(20, 'en'))).toBe('20 GiB');
  expect(plain(formatGib(2048, 'en'))).toBe('2 TiB');
});

test('a short address keeps both ends', () => {
  expect(shortAddress('5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY')).toBe('5Grwva…utQY');
  expect(shortAddress('short')).toBe('short');
});
