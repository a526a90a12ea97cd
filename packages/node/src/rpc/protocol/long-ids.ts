import { isObject } from './params.ts';
import { LongId } from './response.ts';
import { membersOf } from './top-members.ts';

/** Finds all numbers of which JSON.parse does not keep how they were written, and more. Names may be written with escapes. */
const MAY_BE_LOST = /:\s*(?:\d{16}|\d+[.eE])/;
const NUMBER = /\s*:\s*([\d.eE+-]+)/y;
/** Of more digits than a number keeps, and of no more than 64 bits have: to read millions of them takes seconds. */
const LONG = /^\d{16,20}$/;
const DIGITS = /^\d+$/;

/**
 * The entries of a message, with ids as Substrate reads them: any u64, which may be more than a JavaScript number holds, and no number
 * with a fraction or a power, even a whole one; in place of that there is NaN. The ids are looked up in the text: had JSON.parse told
 * each value with its source, a message of megabytes would take seconds.
 */
export function keepLongIds(
  text: string,
  entries: readonly unknown[],
  kind: 'single' | 'batch',
): readonly unknown[] {
  if (!entries.some(hasNumber) || !MAY_BE_LOST.test(text)) return entries;
  const sources = new Map<number, string | undefined>();
  for (const { index, name, end } of membersOf(text, kind === 'single' ? 1 : 2)) {
    if (name !== 'id') continue;
    NUMBER.lastIndex = end;
    sources.set(index, NUMBER.exec(text)?.[1]);
  }
  return entries.map((entry, index) => {
    const source = sources.get(index);
    return source !== undefined && hasNumber(entry) ? withIdOf(source, entry) : entry;
  });
}

function withIdOf(source: string, entry: Entry): Entry {
  if (!DIGITS.test(source)) return { ...entry, id: NaN };
  return LONG.test(source) && !Number.isSafeInteger(entry['id'])
    ? { ...entry, id: new LongId(source) }
    : entry;
}

type Entry = Readonly<Record<string, unknown>>;

const hasNumber = (entry: unknown): entry is Entry => isObject(entry) && typeof entry['id'] === 'number';
