import type { DigestItem, Readable } from '@hamster/frame';

export interface AuraConfig {
  /** In ms; what a chain has whose genesis says nothing else. */
  readonly slotDuration: bigint;
  /** The digest of the open block. */
  readonly digest: (at: Readable) => readonly DigestItem[];
}
