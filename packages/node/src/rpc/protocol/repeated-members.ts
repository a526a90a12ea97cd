import { isObject } from './params.ts';

/** What serde, which reads requests for Substrate, takes once only. Other members may come as often as they like. */
const MEMBERS = ['jsonrpc', 'id', 'method', 'params'] as const;

/**
 * The entries of a message, each in which a member is repeated replaced by what is left of it: its id, unless that is what is
 * repeated. JSON.parse takes the last of them; who guards a node by what it may be asked could take the first.
 */
export function refuseRepeated(
  text: string,
  entries: readonly unknown[],
  kind: 'single' | 'batch',
): readonly unknown[] {
  if (!mayRepeat(text, entries)) return entries;
  const repeated = repeatedMembers(text, kind === 'single' ? 1 : 2);
  return entries.map((entry, index) => {
    const names = repeated.get(index);
    if (!names || !isObject(entry)) return entry;
    return names.has('id') || !Object.hasOwn(entry, 'id') ? {} : { id: entry['id'] };
  });
}

/** Quick, and right whenever it says no: a member is written at least once for each entry that has it. */
function mayRepeat(text: string, entries: readonly unknown[]): boolean {
  // A name may be written with escapes.
  if (text.includes('\\u')) return true;
  return MEMBERS.some((name) => {
    let owners = 0;
    for (const entry of entries) if (isObject(entry) && Object.hasOwn(entry, name)) owners += 1;
    return occursMoreThan(text, `"${name}"`, owners);
  });
}

function occursMoreThan(text: string, word: string, times: number): boolean {
  let found = 0;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
    found += 1;
    if (found > times) return true;
  }
  return false;
}

/** `text` is valid JSON; members stand `level` brackets deep. Answers the names that are repeated, by the index of the entry. */
function repeatedMembers(text: string, level: number): ReadonlyMap<number, ReadonlySet<string>> {
  const repeated = new Map<number, Set<string>>();
  const mark = /["{}[\],]/g;
  let seen = new Set<string>();
  let depth = 0;
  let index = 0;
  for (let found = mark.exec(text); found; found = mark.exec(text)) {
    const [character] = found;
    if (character === '"') {
      mark.lastIndex = endOfString(text, found.index);
      if (depth !== level || !isKey(text, mark.lastIndex)) continue;
      const name = JSON.parse(text.slice(found.index, mark.lastIndex)) as string;
      if (seen.has(name) && isMember(name)) repeated.set(index, (repeated.get(index) ?? new Set()).add(name));
      seen.add(name);
    } else if (character === '{' || character === '[') depth += 1;
    else if (character !== ',') depth -= 1;
    else if (depth === level - 1) {
      index += 1;
      seen = new Set();
    }
  }
  return repeated;
}

const isMember = (name: string): boolean => MEMBERS.some((member) => member === name);

/** Behind the quote that ends the string which begins at `start`. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let before = end;
    while (text[before - 1] === '\\') before -= 1;
    if ((end - before) % 2 === 0) return end + 1;
  }
}

function isKey(text: string, behind: number): boolean {
  const colon = /\s*:/y;
  colon.lastIndex = behind;
  return colon.test(text);
}
