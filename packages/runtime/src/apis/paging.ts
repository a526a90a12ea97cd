/** Entries of the state that one call looks at: a page may end before it is full, so that no call blocks a node. */
const MAX_STEPS = 1_024;

/** Items of a page, whatever was asked for. */
const MAX_ITEMS = 128;

/** What a look at one candidate gave. */
export interface Look<T> {
  readonly item: T | undefined;
  /** Entries that were read for it. */
  readonly steps: number;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Where the next page begins; undefined when there is none. */
  readonly next: bigint | undefined;
}

/**
 * Looks at candidates, in their order, until the page is full, the work of one call is done, or nothing is left.
 * Looks at one candidate at least, so that a client that follows the cursor always arrives.
 */
export const pageOf = <T>(
  candidates: Iterable<bigint>,
  limit: number,
  look: (id: bigint) => Look<T>,
): Page<T> => {
  const wanted = Math.max(1, Math.min(limit, MAX_ITEMS));
  const items: T[] = [];
  let [steps, last]: [number, bigint | undefined] = [0, undefined];
  for (const id of candidates) {
    if (items.length >= wanted || steps >= MAX_STEPS) return { items, next: last };
    const seen = look(id);
    if (seen.item !== undefined) items.push(seen.item);
    steps += seen.steps;
    last = id;
  }
  return { items, next: undefined };
};
