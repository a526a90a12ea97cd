import { readFile } from 'node:fs/promises';

const PAGE = 4096;
/** In LMDB's meta pages, and in its record of a table. */
const META = { freeRoot: 88, mainRoot: 136, transaction: 152 } as const;
const TABLE_ROOT = 40;

export const FREE_PAGES = 'the list of free pages';

/** Number of the page with which a table of the database begins, as its last transaction left it. */
export async function rootPageOf(file: string, table: string): Promise<number> {
  const bytes = await readFile(file);
  const meta = [bytes, bytes.subarray(PAGE)].reduce((a, b) =>
    b.readBigUInt64LE(META.transaction) > a.readBigUInt64LE(META.transaction) ? b : a,
  );
  if (table === FREE_PAGES) return Number(meta.readBigUInt64LE(META.freeRoot));
  const main = bytes.subarray(Number(meta.readBigUInt64LE(META.mainRoot)) * PAGE);
  const name = main.indexOf(table);
  if (name < 0 || name >= PAGE) throw new RangeError(`There is no table ${table}`);
  const record = name + main.readUInt16LE(name - 2);
  return Number(main.readBigUInt64LE(record + TABLE_ROOT));
}
