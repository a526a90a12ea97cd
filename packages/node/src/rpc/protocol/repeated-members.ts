import { isObject } from './params.ts';
import { membersOf } from './top-members.ts';

/** What serde, which reads requests for Substrate, takes once only. Other members may come as often as they like. */
const MEMBERS = ['jsonrpc', 'id', 'method', 'params'] as const;

/**
 * The entries of a message, each in which a member is repeated replaced by what is left of it: its id or, when that alone is what is
 * repeated, all but the id, which is a notification. JSON.parse takes the last of them; who guards a node by what it may be asked
 * could take the first.
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
    return names && isObject(entry) ? leftOf(entry, names) : entry;
  });
}

function leftOf(entry: Readonly<Record<string, unknown>>, repeated: ReadonlySet<string>): object {
  const { id, ...others } = entry;
  if (!repeated.has('id')) return id === undefined ? {} : { id };
  return repeated.size === 1 ? others : {};
}

/** Quick, and right whenever it says no: a member is written at least once for each entry that has it. */
function mayRepeat(text: string, entries: readonly unknown[]): boolean {
  let left = 0;
  for (const entry of entries) {
    if (isObject(entry)) for (const name of MEMBERS) if (Object.hasOwn(entry, name)) left += 1;
  }
  // A name may be written with escapes.
  if (text.includes('\\u')) return true;
  for (let quote = text.indexOf('"'); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    if (!isMemberAt(text, quote)) continue;
    if (left === 0) return true;
    left -= 1;
  }
  return false;
}

function isMemberAt(text: string, quote: number): boolean {
  switch (text.charCodeAt(quote + 1)) {
    case LETTER_I:
      return text.startsWith('id"', quote + 1);
    case LETTER_J:
      return text.startsWith('jsonrpc"', quote + 1);
    case LETTER_M:
      return text.startsWith('method"', quote + 1);
    case LETTER_P:
      return text.startsWith('params"', quote + 1);
    default:
      return false;
  }
}

/** Answers the names that are repeated, by the index of the entry. */
function repeatedMembers(text: string, level: number): ReadonlyMap<number, ReadonlySet<string>> {
  const repeated = new Map<number, Set<string>>();
  let seen = new Set<string>();
  let current = 0;
  for (const { index, name } of membersOf(text, level)) {
    if (!isMember(name)) continue;
    if (index !== current) seen = new Set();
    current = index;
    if (seen.has(name)) repeated.set(index, (repeated.get(index) ?? new Set()).add(name));
    seen.add(name);
  }
  return repeated;
}

const LETTER_I = 0x69;
const LETTER_J = 0x6a;
const LETTER_M = 0x6d;
const LETTER_P = 0x70;

const isMember = (name: string): boolean => MEMBERS.some((member) => member === name);
