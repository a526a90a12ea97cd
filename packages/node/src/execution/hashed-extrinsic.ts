import type { DecodedExtrinsic } from '@hamster/frame';
import { hashText } from '../hash.ts';
import type { Hash } from '../header.ts';

/** An extrinsic with its hash as text, which is made once. */
export interface HashedExtrinsic {
  readonly hash: Hash;
  readonly extrinsic: DecodedExtrinsic;
}

export const hashed = (extrinsic: DecodedExtrinsic): HashedExtrinsic => ({
  hash: hashText(extrinsic.hash),
  extrinsic,
});
