/** Counts by name, all of which are known before. */
export interface Tally<Name extends string> {
  add(name: Name): void;
  counts(): Readonly<Record<Name, number>>;
}

export function tally<Name extends string>(names: readonly Name[]): Tally<Name> {
  const counts = new Map<Name, number>(names.map((name) => [name, 0]));
  return {
    add: (name) => void counts.set(name, (counts.get(name) ?? 0) + 1),
    counts: () => Object.fromEntries(counts) as Record<Name, number>,
  };
}

/** Why a request was turned away. */
export const REFUSALS = [
  'not-allowed',
  'too-many-reservations',
  'no-reservation',
  'too-many-circuits',
  'bytes-of-the-day',
  'memory',
  'destination-gone',
] as const;
export type Refusal = (typeof REFUSALS)[number];

/** Why a relayed connection was ended by us. */
export const CUTS = ['not-allowed', 'bytes', 'time', 'bytes-of-the-day', 'memory'] as const;
export type Cut = (typeof CUTS)[number];
