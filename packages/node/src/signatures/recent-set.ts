/** Remembers the latest members, at least `capacity` and at most twice as many. */
export class RecentSet {
  readonly #capacity: number;
  #young = new Set<string>();
  #old = new Set<string>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  has(member: string): boolean {
    return this.#young.has(member) || this.#old.has(member);
  }

  add(member: string): void {
    this.#young.add(member);
    if (this.#young.size < this.#capacity) return;
    this.#old = this.#young;
    this.#young = new Set();
  }
}
