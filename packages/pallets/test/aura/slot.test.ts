import { DispatchFailure, type DigestItem } from '@hamster/frame';
import { mockChain } from '@hamster/frame/testing';
import { u64 } from '@hamster/scale';
import { describe, expect, it } from 'vitest';
import { aura } from '../../src/index.ts';

const { CurrentSlot, ensureTimeInSlot, auraPallet } = aura;

/** A chain of slots of a second, whose open block has this digest. */
const chainWith = (...digest: readonly DigestItem[]) => {
  const pallet = auraPallet({ slotDuration: 1_000n, digest: () => digest });
  const chain = mockChain({
    pallets: () => [pallet],
    genesis: { aura: { authorities: [`0x${'11'.repeat(32)}`] } },
  });
  chain.advance(1n);
  return chain.ctx;
};
const claim = (slot: bigint): DigestItem => ({
  type: 'PreRuntime',
  value: [new TextEncoder().encode('aura'), u64.encode(slot)],
});

describe('the time of a block', () => {
  it('lies in the slot that its author claims', () => {
    const ctx = chainWith(claim(7n));
    expect(CurrentSlot.get(ctx)).toBe(7n);
    for (const now of [7_000n, 7_999n]) expect(() => ensureTimeInSlot(ctx, now)).not.toThrow();
    for (const now of [6_999n, 8_000n]) expect(() => ensureTimeInSlot(ctx, now)).toThrow(DispatchFailure);
  });

  it('is any where the author claims none, which reads as slot 0, as in FRAME', () => {
    const ctx = chainWith();
    expect(CurrentSlot.get(ctx)).toBe(0n);
    expect(() => ensureTimeInSlot(ctx, 6_999n)).not.toThrow();
  });
});
