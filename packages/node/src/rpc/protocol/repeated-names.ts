import { isObject, RepeatedNames } from './params.ts';
import { membersOf } from './top-members.ts';

/**
 * The entries of a message, with `RepeatedNames` for the parameters of those that name one twice: whether a method has it, is not known
 * yet. Parameters are a list mostly, which costs nothing.
 */
export function keepRepeatedNames(
  text: string,
  entries: readonly unknown[],
  kind: 'single' | 'batch',
): readonly unknown[] {
  if (!entries.some(namesParams)) return entries;
  const repeated = new Map<number, ReadonlySet<string>>();
  for (const { index, name, end } of membersOf(text, kind === 'single' ? 1 : 2)) {
    if (name === 'params' && namesParams(entries[index])) repeated.set(index, repeatedIn(text, end));
  }
  return entries.map((entry, index) => {
    const names = repeated.get(index);
    return names?.size && namesParams(entry)
      ? { ...entry, params: new RepeatedNames(entry.params, names) }
      : entry;
  });
}

/** Of the object that is next from `from` on. */
function repeatedIn(text: string, from: number): ReadonlySet<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const { name } of membersOf(text, 1, from)) (seen.has(name) ? repeated : seen).add(name);
  return repeated;
}

type Named = Readonly<Record<string, unknown>> & { readonly params: Readonly<Record<string, unknown>> };

const namesParams = (entry: unknown): entry is Named => isObject(entry) && isObject(entry['params']);
