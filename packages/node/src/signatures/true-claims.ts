import { toKey, type SignatureClaim } from '@hamster/crypto';

/** Remembers the latest claims that were found true, at least `capacity` and at most twice as many. */
export class TrueClaims {
  readonly #capacity: number;
  /** By signature: the same one under another statement is another claim. */
  #young = new Map<string, SignatureClaim>();
  #old = new Map<string, SignatureClaim>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  has(claim: SignatureClaim): boolean {
    const key = keyOf(claim);
    const known = this.#young.get(key) ?? this.#old.get(key);
    return known !== undefined && isSame(known, claim);
  }

  add(claim: SignatureClaim): void {
    this.#young.set(keyOf(claim), claim);
    if (this.#young.size < this.#capacity) return;
    this.#old = this.#young;
    this.#young = new Map();
  }
}

const keyOf = ({ signature }: SignatureClaim): string => toKey(signature);

const isSame = (a: SignatureClaim, b: SignatureClaim): boolean =>
  a === b ||
  (a.scheme === b.scheme &&
    Buffer.compare(a.signature, b.signature) === 0 &&
    Buffer.compare(a.accountId, b.accountId) === 0 &&
    Buffer.compare(a.message, b.message) === 0);
