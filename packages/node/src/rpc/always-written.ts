import { toHex, twox128 } from '@hamster/crypto';

const text = new TextEncoder();

/**
 * Keys in hex, of what every block writes anew, also when it comes out as it was in the block before: the events, above all. Two equal
 * payments in a row leave the same bytes, and whoever waits for the second is to hear of it.
 */
export const ALWAYS_WRITTEN: ReadonlySet<string> = new Set(
  ['Events', 'BlockWeight'].map((item) =>
    toHex(Uint8Array.of(...twox128(text.encode('System')), ...twox128(text.encode(item)))),
  ),
);
