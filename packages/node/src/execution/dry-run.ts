import { twox128 } from '@hamster/crypto';
import type { Runtime, StateReader } from '@hamster/frame';
import { u64 } from '@hamster/scale';
import { Overlay } from '@hamster/state';
import type { BlockId } from '../backend.ts';
import { hashBytes } from '../hash.ts';
import { upgradeDigest } from './rules-version.ts';

const text = new TextEncoder();

/** Key of Timestamp.Now, the same on every Substrate chain. */
const NOW = Uint8Array.of(...twox128(text.encode('Timestamp')), ...twox128(text.encode('Now')));

/** The earliest time in ms that a block behind this state may have. */
function timeAfter(state: StateReader): bigint {
  const now = state.get(NOW);
  return now ? u64.decode(now) + 1n : 1n;
}

/** The block after which something is tried, and its state. */
interface DryRunParent extends BlockId {
  readonly state: StateReader;
}

/**
 * The encoded `ApplyExtrinsicResult` of an extrinsic that would come right behind the inherents of a block which follows
 * `parent` at once. Its signature is checked; nothing of it is kept. Throws whatever the runtime throws. Stops where it takes long.
 */
export function* dryRun(
  runtime: Runtime,
  parent: DryRunParent,
  extrinsic: Uint8Array,
): Generator<void, Uint8Array> {
  const overlay = new Overlay(parent.state);
  const digest = upgradeDigest(runtime, parent.state);
  const start = { parentHash: hashBytes(parent.hash), number: parent.number + 1, digest };
  runtime.initializeBlock(overlay, start);
  for (const inherent of runtime.inherents({ now: timeAfter(parent.state) })) {
    yield* runtime.applyInSteps(overlay, runtime.decodeExtrinsic(inherent));
  }
  return yield* runtime.callInSteps(overlay, 'BlockBuilder_apply_extrinsic', extrinsic);
}
