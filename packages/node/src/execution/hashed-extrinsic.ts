import type { DecodedExtrinsic } from '@hamster/frame';
import { extrinsicHash } from '../hash.ts';
import type { Hash } from '../header.ts';

/** An extrinsic with its hash as text, which is made once. */
export interface HashedExtrinsic {
  readonly hash: Hash;
  readonly extrinsic: DecodedExtrinsic;
}

export const hashed = (extrinsic: DecodedExtrinsic): HashedExtrinsic => ({
  hash: extrinsicHash(extrinsic.bytes),
  extrinsic,
});
