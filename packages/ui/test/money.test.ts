import { describe, expect, test } from 'vitest';
import { costSoFar, endingEarly, escrowFor, pricePerHour, type RunningLease } from '../src/money/index.ts';

describe('a quote', () => {
  const prices = { cpuCoreHour: 1000n, memoryGibHour: 7n, diskGibHour: 3n };

  test('adds cores, memory and disk, and rounds memory up', () => {
    expect(pricePerHour({ cpuCores: 2, memoryMib: 2048, diskGib: 10 }, prices)).toBe(2000n + 14n + 30n);
    expect(pricePerHour({ cpuCores: 1, memoryMib: 512, diskGib: 0 }, prices)).toBe(1000n + 4n);
    expect(pricePerHour({ cpuCores: 1, memoryMib: 1, diskGib: 0 }, prices)).toBe(1001n);
  });

  test('multiplies by hours without losing a planck', () => {
    expect(escrowFor(9_007_199_254_740_993n, 8760)).toBe(78_903_065_471_531_098_680n);
  });
});

describe('a running lease', () => {
  const rules = { hour: 600_000, noticeHours: 1 };
  const lease: RunningLease = {
    pricePerHour: 600_000n,
    escrow: 1_500_000n,
    paid: 300_000n,
    settledUntil: 1_000_000,
    lastHeartbeat: 1_000_000,
    endsAt: 2_500_000,
    accrues: true,
  };

  test('costs what was paid and the time since', () => {
    expect(costSoFar(lease, 1_000_000, rules)).toBe(300_000n);
    expect(costSoFar(lease, 1_100_000, rules)).toBe(400_000n);
  });

  test('never costs more than was put into escrow, however late it is looked at', () => {
    expect(costSoFar(lease, 9_000_000, rules)).toBe(1_800_000n);
  });

  test('ends early for the time used and one hour of notice', () => {
    expect(endingEarly(lease, 1_100_000, rules)).toEqual({
      used: 400_000n,
      notice: 600_000n,
      refund: 800_000n,
    });
  });

  test('asks for no more notice than the rest of the lease', () => {
    expect(endingEarly(lease, 2_400_000, rules)).toEqual({ used: 1_700_000n, notice: 100_000n, refund: 0n });
  });

  test('ends without notice while the provider is silent', () => {
    const silent = { ...lease, accrues: false };
    expect(endingEarly(silent, 1_200_000, rules)).toEqual({
      used: 300_000n,
      notice: 0n,
      refund: 1_500_000n,
    });
  });
});
