import { waitReady } from '#polkadot/wasm-crypto';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { sr25519Checker } from '../src/sr25519.ts';
import {
  flipped,
  garbage,
  littleEndian,
  markedGarbage,
  oddKey,
  otherScalar,
  verdict,
  watchedQuick,
} from '../test/support/sr25519-claims.ts';

beforeAll(() => waitReady());

it('sr25519 checks leak nothing over 100,000 pieces of garbage', () => {
  const { check, panics } = watchedQuick();
  const subject = sr25519Checker(check);
  const pool = fc.sample(fc.oneof(garbage, markedGarbage, flipped, otherScalar, oddKey), 500);
  const run = (times: number): void => {
    for (let i = 0; i < times; i++) {
      const claim = pool[i % pool.length];
      if (claim) verdict(subject, { ...claim, message: littleEndian(BigInt(i)) });
    }
  };
  run(2_000);
  const before = process.memoryUsage().arrayBuffers + process.memoryUsage().external;
  run(98_000);
  const after = process.memoryUsage().arrayBuffers + process.memoryUsage().external;
  expect(panics()).toBe(0);
  expect(after - before).toBeLessThan(8 * 2 ** 20);
}, 120_000);
