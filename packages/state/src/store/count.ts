import type { Database } from 'lmdb';

/** How many records a table has, as it stands in its head: `getCount` would walk it. */
export const countOf = (table: Pick<Database, 'getStats'>): number =>
  (table.getStats() as { readonly entryCount: number }).entryCount;
