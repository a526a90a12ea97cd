import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { pricePerHour } from '../../src/primitives/price.ts';

const HAM = 10n ** 12n;
const prices = { cpu_core_hour: 10n * HAM, memory_gib_hour: 2n * HAM, disk_gib_hour: HAM / 10n };

describe('the price of an hour', () => {
  it('adds cores, memory and disk', () => {
    expect(pricePerHour({ cpu_cores: 2, memory_mib: 2048, disk_gib: 10 }, prices)).toBe(25n * HAM);
  });

  it('rounds a part of a GiB up to a planck', () => {
    const cheap = { cpu_core_hour: 0n, memory_gib_hour: 3n, disk_gib_hour: 0n };
    expect(pricePerHour({ cpu_cores: 1, memory_mib: 1, disk_gib: 1 }, cheap)).toBe(1n);
    expect(pricePerHour({ cpu_cores: 1, memory_mib: 1024, disk_gib: 1 }, cheap)).toBe(3n);
    expect(pricePerHour({ cpu_cores: 1, memory_mib: 1025, disk_gib: 1 }, cheap)).toBe(4n);
  });

  it('never falls when the slice grows, and never wraps (lesson 3)', () => {
    const u32 = fc.nat({ max: 2 ** 32 - 1 });
    const u128 = fc.bigInt({ min: 0n, max: 2n ** 128n - 1n });
    const slices = fc.record({ cpu_cores: u32, memory_mib: u32, disk_gib: u32 });
    const rates = fc.record({ cpu_core_hour: u128, memory_gib_hour: u128, disk_gib_hour: u128 });
    fc.assert(
      fc.property(slices, rates, (spec, price) => {
        const whole = pricePerHour(spec, price);
        const smaller = pricePerHour({ ...spec, memory_mib: Math.floor(spec.memory_mib / 2) }, price);
        return whole >= smaller && whole >= BigInt(spec.cpu_cores) * price.cpu_core_hour;
      }),
    );
  });
});
