/** The transactions of each account of which nobody has told whether they were done. One of these may be stuck at the node. */
export class Unsettled {
  readonly #highest = new Map<string, number>();

  add(address: string, nonce: number): void {
    this.#highest.set(address, Math.max(nonce, this.#highest.get(address) ?? 0));
  }

  has(address: string): boolean {
    return this.#highest.has(address);
  }

  /** Whether one may still wait where the chain expects this nonce next; forgets those that it has behind it. */
  mayWaitAt(address: string, chainNonce: number): boolean {
    const highest = this.#highest.get(address);
    if (highest === undefined) return false;
    if (chainNonce <= highest) return true;
    this.#highest.delete(address);
    return false;
  }
}
