import { keyOf, keysOf } from './dev-keys.ts';
import { SPEC } from './harness.ts';

const VOTERS = ['Alice', 'Bob', 'Charlie', 'Dave'] as const;

/** A chain of four voters, so that the votes of three suffice, and not one of these may be missing. */
export const VOTED_SPEC = {
  ...SPEC,
  genesis: { ...SPEC.genesis, voters: VOTERS.map((name) => [keyOf('ed25519', name).publicKey, 1] as const) },
};

/** What the author of that chain makes blocks with, and makes them final. */
export const THREE_VOTERS = {
  authors: keysOf('Alice').authors,
  voters: VOTERS.slice(0, 3).map((name) => keyOf('ed25519', name)),
};

const VOTE_BYTES = 32 + 4 + 64 + 32;
const VOTES_AT = 8 + 32 + 4 + 1;

const votes = [0, 1, 2].flatMap((vote): readonly (readonly [string, number, number])[] => {
  const at = VOTES_AT + vote * VOTE_BYTES;
  const name = `vote ${vote + 1}`;
  return [
    [`target hash of ${name}`, at, 32],
    [`target number of ${name}`, at + 32, 4],
    [`signature of ${name}`, at + 36, 64],
    [`voter of ${name}`, at + 100, 32],
  ];
});

/** The parts of a `GrandpaJustification` of three votes: what it is, where it begins, how long it is. */
export const FIELDS: readonly (readonly [name: string, start: number, length: number])[] = [
  ['round', 0, 8],
  ['target hash', 8, 32],
  ['target number', 40, 4],
  ['number of votes', 44, 1],
  ...votes,
  ['number of ancestors', VOTES_AT + 3 * VOTE_BYTES, 1],
];

/** The bytes with one bit turned over. */
export function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}
