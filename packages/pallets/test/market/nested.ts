import type { AccountId, CallDefinition, RuntimeCall } from '@hamster/frame';
import fc from 'fast-check';

import { Key } from '../../src/sudo/storage.ts';
import { type Attempt, EVERYBODY, hostile, type Move } from './hostile.ts';
import { hostileCourt, rootDoes } from './hostile-court.ts';
import { hostileMoney, rootDoesMoney } from './hostile-money.ts';
import type { Market } from './market.ts';
import { sensible } from './sensible.ts';
import { sensibleCourt } from './sensible-court.ts';

/** Pallet and call of a definition. */
const nameOf = (m: Market, wanted: CallDefinition): readonly [pallet: string, call: string] => {
  for (const { name, calls = {} } of m.chain.composition.pallets)
    for (const [call, definition] of Object.entries(calls)) if (definition === wanted) return [name, call];
  throw new TypeError('The call belongs to no pallet of the market');
};

/** The move as an extrinsic carries it. */
export const runtimeCall = (m: Market, { call, args }: Move): RuntimeCall => {
  const [type, name] = nameOf(m, call);
  return { type, value: { type: name, value: args } };
};

const movesOf = (m: Market, attempts: readonly Attempt[]): Move[] =>
  attempts.map((attempt) => attempt(m)).filter((move) => move !== undefined);

export const BATCHES = ['batch', 'batch_all', 'force_batch'] as const;

/** Several things at once, all in the name of whoever wanted to do the first of them. */
const batchOf = (inner: fc.Arbitrary<Attempt>): fc.Arbitrary<Attempt> =>
  fc
    .tuple(fc.constantFrom(...BATCHES), fc.array(inner, { maxLength: 4 }), fc.constantFrom(...EVERYBODY))
    .map(([name, attempts, somebody]) => (m) => {
      const moves = movesOf(m, attempts);
      const who = moves.length > 0 ? moves[0]?.who : somebody;
      return { who, name, call: m.utility[name], args: { calls: moves.map((move) => runtimeCall(m, move)) } };
    });

/** By whoever has the key, mostly. */
const masterOf = (m: Market, other: AccountId | undefined): AccountId | undefined =>
  other ?? Key.get(m.chain.ctx);

const impostor = fc.option(fc.constantFrom(...EVERYBODY), { freq: 3, nil: undefined });

const asRoot = (inner: fc.Arbitrary<Attempt>): fc.Arbitrary<Attempt> =>
  fc.tuple(inner, impostor).map(([attempt, other]) => (m) => {
    const move = attempt(m);
    const who = masterOf(m, other);
    return move && who && { who, name: 'sudo', call: m.sudo.sudo, args: { call: runtimeCall(m, move) } };
  });

const asAnybody = (inner: fc.Arbitrary<Attempt>): fc.Arbitrary<Attempt> =>
  fc.tuple(inner, impostor, fc.constantFrom(...EVERYBODY)).map(([attempt, other, victim]) => (m) => {
    const move = attempt(m);
    const who = masterOf(m, other);
    if (!move || !who) return undefined;
    const args = { who: { type: 'Id', value: move.who ?? victim }, call: runtimeCall(m, move) };
    return { who, name: 'sudo_as', call: m.sudo.sudo_as, args };
  });

const plain: fc.Arbitrary<Attempt> = fc.oneof(
  { weight: 6, arbitrary: sensible },
  { weight: 3, arbitrary: sensibleCourt },
  { weight: 3, arbitrary: hostile },
  ...[hostileCourt, hostileMoney, rootDoes, rootDoesMoney],
);

const inOneAnother = (inner: fc.Arbitrary<Attempt>): fc.Arbitrary<Attempt> =>
  fc.oneof({ weight: 2, arbitrary: batchOf(inner) }, asRoot(inner), asAnybody(inner));

/** Calls inside of calls inside of calls. */
export const nested: fc.Arbitrary<Attempt> = fc.oneof(
  { weight: 3, arbitrary: inOneAnother(plain) },
  inOneAnother(fc.oneof(plain, inOneAnother(plain))),
);
