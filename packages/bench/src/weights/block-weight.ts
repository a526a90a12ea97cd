import { type StateReader, storagePrefix } from '@hamster/frame';
import { Reader, readCompact } from '@hamster/scale';

const KEY = storagePrefix('System', 'BlockWeight');
const PICOSECONDS = 1_000_000;

/** What an open block, or the last one, has been charged with, in µs. */
export interface Charged {
  /** By hooks, and by what the author puts into the block. */
  readonly mandatory: number;
  readonly all: number;
}

export function chargedIn(state: StateReader): Charged {
  const reader = new Reader(state.get(KEY) ?? new Uint8Array(6));
  const [normal = 0, operational = 0, mandatory = 0] = Array.from({ length: 3 }, () => {
    const time = Number(readCompact(reader)) / PICOSECONDS;
    readCompact(reader);
    return time;
  });
  return { mandatory, all: normal + operational + mandatory };
}
