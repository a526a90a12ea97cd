import { toKey, type SignatureClaim } from '@hamster/crypto';
import type { DecodedExtrinsic, ValidTransaction } from '@hamster/frame';
import type { Hash } from '../header.ts';
import type { Tag } from './tag.ts';

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
  readonly validity: Validity;
}

const NONE: readonly Tag[] = [];

/** One transaction of the pool, with all that the pool knows of it: thousands come and go each second, so nothing is looked up. */
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
  validity: Validity;
  isReady = false;
  /** The readiness that was last told of. */
  toldReady = false;
  /** All of its signer, itself too; undefined for one that nobody signed. */
  siblings: PoolTransaction[] | undefined;
  provides = NONE;
  /** Without what blocks have provided since the runtime said what it requires. */
  requires = NONE;

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
    this.validity = validity;
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
