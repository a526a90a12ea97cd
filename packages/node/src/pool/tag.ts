import type { PoolTransaction } from './transaction.ts';

/** Shared by all that need nothing: nobody may change it. */
export const NO_TAGS: readonly Tag[] = [];

const NOBODY: readonly PoolTransaction[] = [];

/** Something that one transaction provides and others require. */
export class Tag {
  readonly name: string;
  provider: PoolTransaction | undefined;
  /** Replaced, never changed: whoever goes through it may change who requires what. A runtime's tag is required by one at most. */
  requiredBy: readonly PoolTransaction[] = NOBODY;
  /** By how many transactions of the graph it is provided or required. */
  uses = 0;

  constructor(name: string) {
    this.name = name;
  }

  require(transaction: PoolTransaction): void {
    this.requiredBy = this.requiredBy.length === 0 ? [transaction] : [...this.requiredBy, transaction];
  }

  forgo(transaction: PoolTransaction): void {
    const others = this.requiredBy.filter((each) => each !== transaction);
    this.requiredBy = others.length === 0 ? NOBODY : others;
  }
}
