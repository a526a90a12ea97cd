import type { SignatureClaim } from '@hamster/crypto';

/** Remembers the latest claims that were found true, at least `capacity` and at most twice as many. */
export class TrueClaims {
  readonly #capacity: number;
  /**
   * By how their signatures begin: of two that begin alike the earlier is forgotten, which costs another check. Chance makes
   * none such, and who makes them gains nothing.
   */
  #young = new Map<number, SignatureClaim>();
  #old = new Map<number, SignatureClaim>();

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

const keyOf = ({ signature }: SignatureClaim): number => {
  let key = 0;
  for (let at = 0; at < Int32Array.BYTES_PER_ELEMENT; at++) key = (key << 8) | (signature[at] ?? 0);
  return key;
};

const isSame = (a: SignatureClaim, b: SignatureClaim): boolean =>
  a === b ||
  (a.scheme === b.scheme &&
    Buffer.compare(a.signature, b.signature) === 0 &&
    Buffer.compare(a.accountId, b.accountId) === 0 &&
    Buffer.compare(a.message, b.message) === 0);
