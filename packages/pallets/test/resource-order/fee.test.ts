import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { splitFee } from '../../src/resource-order/rules/fee.ts';
import { BOB, HAM, MINUTE } from '../market/fixtures.ts';
import { market } from '../market/market.ts';

const RATES = { fee_gateways: 30_000, fee_validators: 10_000, fee_treasury: 10_000 };

describe('the fee', () => {
  it('is never more than the rent that it is taken of, at any rates and any history', () => {
    const amount = fc.bigInt({ min: 0n, max: 1_000n });
    const rates = fc
      .record({ a: fc.nat(1_000_000), b: fc.nat(1_000_000), c: fc.nat(1_000_000) })
      .map(({ a, b, c }) => {
        const sum = Math.max(1_000_000, a + b + c);
        const part = (value: number): number => Math.floor((value * 1_000_000) / sum);
        return { fee_gateways: part(a), fee_validators: part(b), fee_treasury: part(c) };
      });
    fc.assert(
      fc.property(amount, amount, fc.oneof(fc.constant(RATES), rates), (before, rent, chosen) => {
        const split = splitFee(before, rent, chosen);
        const shares = [split.gateways, split.validators, split.treasury, split.provider];
        expect(shares.every((share) => share >= 0n)).toBe(true);
        expect(shares.reduce((sum, share) => sum + share)).toBe(rent);
      }),
      { numRuns: 2_000 },
    );
  });

  it('of the hundredth planck does not stop the lease that pays planck by planck', () => {
    const m = market();
    const resource = m.machine();
    const prices = { cpu_core_hour: 6n, memory_gib_hour: 0n, disk_gib_hour: 0n };
    m.ok(BOB, m.provider.update_prices, { resource, prices });
    const lease = m.rent(resource, { hours: 20, max_price_per_hour: HAM });
    for (let beat = 0; beat < 245; beat += 1) {
      m.chain.advance(5n * MINUTE);
      if (m.lease(lease).closed === undefined) m.beat(lease);
    }
    expect(m.lease(lease)).toMatchObject({ status: { type: 'Finished' }, paid: 240n, refunded: 0n });
    m.advance(MINUTE);
  });
});
