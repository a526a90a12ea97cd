import { maxOf, minOf } from '@hamster/frame';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { pausesOf } from '../../src/primitives/silence.ts';
import { splitFee } from '../../src/resource-order/rules/fee.ts';
import { splitSlash } from '../../src/resource-order/rules/collateral.ts';
import { longestProven } from '../../src/resource-order/rules/silence.ts';
import {
  settleServed,
  settleUnserved,
  type Settlement,
  type ProvenStream,
} from '../../src/resource-order/rules/stream.ts';

const money = fc.bigInt({ min: 0n, max: 2n ** 100n });
const span = fc.bigInt({ min: 0n, max: 10n ** 9n });

const streamOf = (escrow: bigint, since: bigint, ends_at: bigint): ProvenStream => ({
  escrow,
  ends_at,
  settled_until: since,
  last_heartbeat: since,
  rate_since: since,
  rate_escrow: escrow,
  later: [],
});

const apply = (stream: ProvenStream, { until, paid, refunded }: Settlement): ProvenStream => ({
  ...stream,
  escrow: stream.escrow - paid - refunded,
  settled_until: until,
  last_heartbeat: until,
});

describe('settlement of rent', () => {
  it('pays the exact rent of a served lease, whatever the steps', () => {
    fc.assert(
      fc.property(
        money,
        fc.array(fc.record({ step: span, served: fc.boolean() })),
        span,
        (escrow, steps, tail) => {
          const length = steps.reduce((sum, { step }) => sum + step, tail);
          let stream = streamOf(escrow, 0n, length);
          let paid = 0n;
          let refunded = 0n;
          for (const { step, served } of [...steps, { step: tail, served: true }]) {
            const settlement = (served ? settleServed : settleUnserved)(
              stream,
              stream.settled_until + step,
              [],
            );
            stream = apply(stream, settlement);
            paid += settlement.paid;
            refunded += settlement.refunded;
          }
          expect({ escrow: stream.escrow, sum: paid + refunded }).toEqual({ escrow: 0n, sum: escrow });
          if (steps.every(({ served }) => served)) expect(refunded).toBe(0n);
        },
      ),
    );
  });

  it('pays what the time costs, rounded down, however often it is settled', () => {
    const hour = 3_600_000n;
    let stream = streamOf(1_000_003n, 0n, hour);
    let paid = 0n;
    for (let now = 7n; now < hour; now += 77_777n) {
      const settlement = settleServed(stream, now, []);
      stream = apply(stream, settlement);
      paid += settlement.paid;
      expect(paid).toBe((1_000_003n * now) / hour);
    }
  });

  it('pays each hour at its own price, whatever the steps', () => {
    const parts = fc.array(fc.tuple(fc.bigInt({ min: 1n, max: 1_000n }), money), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(parts, fc.array(fc.bigInt({ min: 1n, max: 700n })), (lengths, steps) => {
        const [[, first] = [1n, 0n]] = lengths;
        let [end, total] = [0n, 0n];
        const stretches = lengths.map(([length, escrow]) => {
          const from = end;
          [end, total] = [end + length, total + escrow];
          return { from, escrow };
        });
        let stream: ProvenStream = { ...streamOf(first, 0n, end), escrow: total, later: stretches.slice(1) };
        let paid = 0n;
        for (const step of [...steps, end]) {
          const settlement = settleServed(stream, stream.settled_until + step, []);
          stream = apply(stream, settlement);
          paid += settlement.paid;
          const due = stretches.reduce((sum, { from, escrow }, index) => {
            const to = stretches[index + 1]?.from ?? end;
            const until = settlement.until < to ? settlement.until : to;
            return until > from ? sum + (escrow * (until - from)) / (to - from) : sum;
          }, 0n);
          expect(paid).toBe(due);
        }
        expect([stream.escrow, paid]).toEqual([0n, total]);
      }),
    );
  });

  it('never settles twice, nor behind the end', () => {
    const stream = streamOf(100n, 50n, 150n);
    expect(settleServed(stream, 10n, [])).toEqual({ until: 50n, paid: 0n, refunded: 0n });
    expect(settleServed(stream, 100n, [])).toEqual({ until: 100n, paid: 50n, refunded: 0n });
    expect(settleServed(stream, 1000n, [])).toEqual({ until: 150n, paid: 100n, refunded: 0n });
    expect(settleUnserved(stream, 1000n)).toEqual({ until: 150n, paid: 0n, refunded: 100n });
  });

  it('returns the rent of a maintenance window to the renter', () => {
    const stream = streamOf(100n, 0n, 100n);
    expect(settleServed(stream, 50n, [{ from: 10n, to: 30n }])).toEqual({
      until: 50n,
      paid: 30n,
      refunded: 20n,
    });
    expect(settleServed(stream, 50n, [{ from: 40n, to: 70n }])).toEqual({
      until: 50n,
      paid: 40n,
      refunded: 10n,
    });
    expect(settleServed(stream, 50n, [{ from: 60n, to: 70n }])).toEqual({
      until: 50n,
      paid: 50n,
      refunded: 0n,
    });
  });
});

describe('a pause in time that has several prices', () => {
  /** 1 planck a ms until 100, 5 until 200, 2 until 300. */
  const stream = (settled_until: bigint): ProvenStream => ({
    ...streamOf(100n, 0n, 300n),
    ...{ settled_until, last_heartbeat: settled_until, escrow: 800n - settled_until },
    later: [
      { from: 100n, escrow: 500n },
      { from: 200n, escrow: 200n },
    ],
  });

  it('costs what its own hours cost', () => {
    const settle = (...pauses: Parameters<typeof settleServed>[2]) => settleServed(stream(50n), 250n, pauses);
    expect(settle()).toMatchObject({ paid: 650n, refunded: 0n });
    expect(settle({ from: 60n, to: 70n })).toMatchObject({ paid: 640n, refunded: 10n });
    expect(settle({ from: 90n, to: 110n })).toMatchObject({ paid: 590n, refunded: 60n });
    expect(settle({ from: 0n, to: 60n }, { from: 190n, to: 400n })).toMatchObject({
      paid: 490n,
      refunded: 160n,
    });
  });

  it('is paid like all the rest: the sum is that of the served hours, whatever the steps', () => {
    const moment = fc.bigInt({ min: 0n, max: 300n });
    fc.assert(
      fc.property(fc.array(moment), fc.array(fc.tuple(moment, moment)), (looks, spans) => {
        const pauses = pausesOf(spans.map(([a, b]) => ({ from: minOf(a, b), to: maxOf(a, b) })));
        const isPaused = (at: bigint): boolean => pauses.some(({ from, to }) => from <= at && at < to);
        const priceAt = (at: bigint): bigint => (at < 100n ? 1n : at < 200n ? 5n : 2n);
        const served = Array.from({ length: 300 }, (_, at) => BigInt(at)).filter((at) => !isPaused(at));
        let rest = stream(0n);
        let paid = 0n;
        for (const look of [...looks.toSorted((a, b) => Number(a - b)), 300n]) {
          const settlement = settleServed(rest, look, pauses);
          rest = apply(rest, settlement);
          paid += settlement.paid;
        }
        expect(paid).toBe(served.reduce((sum, at) => sum + priceAt(at), 0n));
        expect(rest.escrow).toBe(0n);
      }),
    );
  });
});

describe('the split of money', () => {
  const rates = { fee_gateways: 30_000, fee_validators: 10_000, fee_treasury: 10_000 };

  it('takes 3 % for gateways, 1 % for validators, 1 % for the treasury', () => {
    const split = { gateways: 30n, validators: 10n, treasury: 10n, fee: 50n, provider: 950n };
    expect(splitFee(0n, 1000n, rates)).toEqual(split);
  });

  it('loses nothing to rounding', () => {
    fc.assert(
      fc.property(money, money, (before, rent) => {
        const { gateways, validators, treasury, fee, provider } = splitFee(before, rent, rates);
        return gateways + validators + treasury === fee && fee + provider === rent && provider >= 0n;
      }),
    );
  });

  it('takes the same fee, however many payments there are', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 0n, max: 1000n })), (payments) => {
        let [paid, fees] = [0n, 0n];
        for (const rent of payments) {
          fees += splitFee(paid, rent, rates).fee;
          paid += rent;
        }
        return fees === splitFee(0n, paid, rates).fee;
      }),
    );
  });

  it('gives a slash to the renter up to what came back, the remainder to the treasury', () => {
    expect(splitSlash(100n, 30n)).toEqual({ renter: 30n, voter: 0n, treasury: 70n });
    expect(splitSlash(100n, 300n)).toEqual({ renter: 100n, voter: 0n, treasury: 0n });
  });
});

describe('silence', () => {
  it('lesson 15: with two beats missing, and the third late, the time is still proven', () => {
    const minute = 60_000n;
    const limits = {
      heartbeat_interval: 5n * minute,
      suspend_after: 10n * minute,
      fault_after: 30n * minute,
    };
    expect(longestProven(limits)).toBeGreaterThanOrEqual(3n * limits.heartbeat_interval + 4n * minute);
    expect(longestProven(limits)).toBeLessThan(limits.fault_after);
  });
});
