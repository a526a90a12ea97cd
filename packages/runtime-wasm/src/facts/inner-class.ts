import { concatBytes } from '@hamster/frame';
import { compact, u32 } from '@hamster/scale';
import { RuntimeWasmError } from '../errors.ts';
import { type MetadataFacts, typeAt } from './metadata.ts';
import type { Sample } from './sample.ts';

/** Indexes in `DispatchClass`. */
export const CLASS = { normal: 0, operational: 1, mandatory: 2 };

/** One call of each class that others may be inside of. */
export interface ClassSamples {
  readonly normal: Sample;
  readonly operational: Sample;
}

/** Asks for the class of a call with this in the place of its argument. */
export type ClassWith = (argument: Sample) => number | undefined;

const LENGTH = compact(u32);

const listOfThese = (items: readonly Sample[]): Sample => ({
  bytes: concatBytes(LENGTH.encode(items.length), ...items.map(({ bytes }) => bytes)),
  calls: items.length,
});

/** Whether a type is a call, or a list of calls. */
export const callsIn = ({ types, callType }: MetadataFacts, type: number): 'one' | 'list' | undefined => {
  if (type === callType) return 'one';
  const { def } = typeAt(types, type);
  return def.tag === 'sequence' && def.value === callType ? 'list' : undefined;
};

/**
 * Whether a call with calls in an argument is operational where all of them are, and there is one; else it always is of one class.
 * @throws RuntimeWasmError CLASS_NOT_OF_CALLS for any other rule
 */
export const isOfItsCalls = (
  name: string,
  kind: 'one' | 'list',
  { normal, operational }: ClassSamples,
  classWith: ClassWith,
): boolean => {
  const lists = [
    [],
    [normal],
    [operational],
    [operational, operational],
    [normal, operational],
    [operational, normal],
  ];
  const cases = kind === 'one' ? [[normal], [operational]] : lists;
  const found = cases.map((calls) => classWith(kind === 'one' ? (calls[0] ?? normal) : listOfThese(calls)));
  if (new Set(found).size === 1) return false;
  const expected = cases.map((calls) => calls.length > 0 && calls.every((call) => call === operational));
  if (expected.every((all, index) => found[index] === (all ? CLASS.operational : CLASS.normal))) return true;
  throw new RuntimeWasmError(
    'CLASS_NOT_OF_CALLS',
    `The class of ${name} is not that of the calls inside of it`,
  );
};
