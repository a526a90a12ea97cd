import { toKey, type SignatureClaim } from '@hamster/crypto';
import type { DecodedExtrinsic, ValidTransaction } from '@hamster/frame';
import type { Hash } from '../header.ts';
import { NO_TAGS } from './tag.ts';

/** What the runtime said of a transaction at some block; tags are bytes written as strings, to be keys. */
export interface Validity {
  readonly priority: bigint;
  readonly requires: readonly string[];
  readonly provides: readonly string[];
  /** Number of the last block that may hold it. */
  readonly validUntil: number;
}

export interface NewTransaction {
  readonly hash: Hash;
  readonly extrinsic: DecodedExtrinsic;
  /** What was found true of its signature. */
  readonly verified?: SignatureClaim | undefined;
  readonly sequence: number;
  /** Only in part: its tags come with it into the graph. */
  readonly validity: Validity;
}

/**
 * One transaction of the pool, with all that the pool knows of it: thousands come and go each second, so nothing is looked up, and
 * nothing is kept twice, as all of it outlives two collections.
 */
export class PoolTransaction {
  readonly hash: Hash;
  readonly extrinsic: DecodedExtrinsic;
  readonly verified: SignatureClaim | undefined;
  /** Account id as a key; undefined for an extrinsic that nobody signed. */
  readonly signer: string | undefined;
  /** Order of arrival. */
  readonly sequence: number;

  // Written by the graph, and by nobody else:

  /** Whether it is in the graph; once out, it never comes back. */
  isPooled = false;
  /** What the runtime said last. */
  priority: bigint;
  validUntil: number;
  isReady = false;
  /** The readiness that was last told of. */
  toldReady = false;
  /** All of its signer, itself too; undefined for one that nobody signed. */
  siblings: PoolTransaction[] | undefined;
  provides = NO_TAGS;
  /** Without what blocks have provided since the runtime said what it requires. */
  requires = NO_TAGS;

  // Written by the upkeep, and by nobody else:

  /** In a block already, and about to leave. */
  isDeparting = false;
  /** About to be validated again. */
  isStale = false;

  constructor({ hash, extrinsic, verified, sequence, validity }: NewTransaction) {
    this.hash = hash;
    this.extrinsic = extrinsic;
    this.verified = verified;
    this.signer = signerOf(extrinsic);
    this.sequence = sequence;
    this.priority = validity.priority;
    this.validUntil = validity.validUntil;
  }
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
