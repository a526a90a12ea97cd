import { isObject } from './params.ts';
import { LongId } from './response.ts';
import { membersOf } from './top-members.ts';

/** Substrate takes any u64, which may be more than a JavaScript number holds. The name of the member may be written with escapes. */
const MAY_BE_LONG = /:\s*\d{16}/;
const DIGITS = /\s*:\s*(\d{16,})(?=[\s,}])/y;

/**
 * The entries of a message, with the digits of a long id in place of the number that JSON.parse made of it. The ids are looked up in
 * the text: had JSON.parse told each value with its source, a message of megabytes would take seconds.
 */
export function keepLongIds(
  text: string,
  entries: readonly unknown[],
  kind: 'single' | 'batch',
): readonly unknown[] {
  if (!entries.some(mayHaveLongId) || !MAY_BE_LONG.test(text)) return entries;
  const digits = new Map<number, string | undefined>();
  for (const { index, name, end } of membersOf(text, kind === 'single' ? 1 : 2)) {
    if (name !== 'id') continue;
    DIGITS.lastIndex = end;
    digits.set(index, DIGITS.exec(text)?.[1]);
  }
  return entries.map((entry, index) => {
    const source = digits.get(index);
    const isLong = isObject(entry) && source !== undefined && mayHaveLongId(entry);
    return isLong ? { ...entry, id: new LongId(source) } : entry;
  });
}

/** Quick: most messages need not be searched, and may be long. */
const mayHaveLongId = (entry: unknown): boolean =>
  isObject(entry) && typeof entry['id'] === 'number' && !Number.isSafeInteger(entry['id']);
