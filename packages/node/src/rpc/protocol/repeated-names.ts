import { isObject, RepeatedNames } from './params.ts';
import { membersOf } from './top-members.ts';

/** Brackets between the parameters and the fields of an object that is one of them, and of one in a list that is one. */
const FIELDS = 2;
const FIELDS_IN_LIST = 3;

/**
 * The entries of a message, with `RepeatedNames` for the parameters of those that name one twice, or a field of one: whether a method
 * has it, is not known yet. Parameters are a list of plain values mostly, which costs nothing.
 */
export function keepRepeatedNames(
  text: string,
  entries: readonly unknown[],
  kind: 'single' | 'batch',
): readonly unknown[] {
  if (!entries.some(hasNames)) return entries;
  const repeated = new Map<number, RepeatedNames>();
  for (const { index, name, end } of membersOf(text, kind === 'single' ? 1 : 2)) {
    const entry = name === 'params' ? entries[index] : undefined;
    if (!hasNames(entry)) continue;
    const [names, fields] = [repeatedIn(text, end), repeatedIn(text, end, FIELDS, FIELDS_IN_LIST)];
    if (names.size + fields.size > 0) repeated.set(index, new RepeatedNames(entry.params, names, fields));
  }
  return entries.map((entry, index) => {
    const params = repeated.get(index);
    return params && hasNames(entry) ? { ...entry, params } : entry;
  });
}

/** Of the objects so many brackets deep in what is next from `from` on. */
function repeatedIn(text: string, from: number, level = 1, deepest = level): ReadonlySet<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const { opening, name } of membersOf(text, level, from, deepest)) {
    const known = `${opening} ${name}`;
    if (seen.has(known)) repeated.add(name);
    seen.add(known);
  }
  return repeated;
}

type Named = Readonly<Record<string, unknown>> & { readonly params: object };

/** Whether there is an object of which a name could come twice. */
const hasNames = (entry: unknown): entry is Named =>
  isObject(entry) &&
  (isObject(entry['params']) ||
    (Array.isArray(entry['params']) &&
      entry['params'].some((param) => isObject(param) || hasObjects(param))));

const hasObjects = (param: unknown): boolean => Array.isArray(param) && param.some(isObject);
