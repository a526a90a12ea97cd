import { twox128 } from '@hamster/crypto';
import type { StateReader } from '@hamster/frame';
import { u64 } from '@hamster/scale';

const text = new TextEncoder();

/** Key of Timestamp.Now, the same on every Substrate chain. */
const NOW = Uint8Array.of(...twox128(text.encode('Timestamp')), ...twox128(text.encode('Now')));

/** Time of the state in ms; 0 before the first block. */
function timeOf(state: StateReader): bigint {
  const now = state.get(NOW);
  return now ? u64.decode(now) : 0n;
}

/** Time for the next block: the clock's, but always after the parent's, also when the clock was set back. */
export function nextTimestamp(parent: StateReader, clock: bigint): bigint {
  const earliest = timeOf(parent) + 1n;
  return clock > earliest ? clock : earliest;
}
