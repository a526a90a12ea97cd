import { toKey } from '@hamster/crypto';
import type { DecodedExtrinsic, ValidTransaction } from '@hamster/frame';
import type { Hash } from '../header.ts';

/** What the runtime said of a transaction at some block; tags are bytes written as strings, to be keys. */
export interface Validity {
  readonly priority: bigint;
  readonly requires: readonly string[];
  readonly provides: readonly string[];
  /** Number of the last block that may hold it. */
  readonly validUntil: number;
}

export interface PoolTransaction {
  readonly hash: Hash;
  readonly extrinsic: DecodedExtrinsic;
  /** Order of arrival. */
  readonly sequence: number;
  readonly validity: Validity;
}

/** `at` is the number of the block on whose state it was validated. */
export function toValidity(valid: ValidTransaction, at: number): Validity {
  return {
    priority: valid.priority,
    requires: valid.requires.map(toKey),
    provides: valid.provides.map(toKey),
    validUntil: Math.min(at + Number(valid.longevity), Number.MAX_SAFE_INTEGER),
  };
}

/** Account id as a key; undefined for an extrinsic that nobody signed. */
export const signerOf = ({ signer }: DecodedExtrinsic): string | undefined => signer && toKey(signer);
