import { u64 } from '@hamster/scale';
import { NodeError } from '../errors.ts';
import { preRuntimeDigest } from '../header-codec.ts';
import type { Header } from '../header.ts';
import type { Consensus } from './consensus.ts';

const AURA = new TextEncoder().encode('aura');

export interface InstantOptions {
  /** Length of a slot in ms. */
  readonly slotDuration: number;
}

const slotDigest = (slot: bigint): Uint8Array => preRuntimeDigest(AURA, u64.encode(slot));

/** All but the slot itself: kind, engine and length. */
const SLOT_PREFIX = slotDigest(0n).subarray(0, -8);

/** One author, whose every block is final at once. Marks each block with its slot as Aura does, so that explorers find it. */
export function instantFinality({ slotDuration }: InstantOptions): Consensus {
  return {
    propose: (_parent, timestamp) => ({ digest: [slotDigest(timestamp / BigInt(slotDuration))] }),
    verify: requireSlot,
    finalWith: (block) => block,
  };
}

function requireSlot({ number, digest }: Header): void {
  const slots = digest.filter(
    (item) => Buffer.compare(item.subarray(0, SLOT_PREFIX.length), SLOT_PREFIX) === 0,
  );
  if (slots.length === 1 && slots[0]?.length === SLOT_PREFIX.length + 8) return;
  throw new NodeError('NODE_BLOCK_REFUSED', `Block #${number} is refused: it must name one slot`);
}
