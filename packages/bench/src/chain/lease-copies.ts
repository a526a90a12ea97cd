import { twox64Concat } from '@hamster/crypto';
import { type MemoryState, storagePrefix } from '@hamster/frame';
import { u64 } from '@hamster/scale';
import { BenchError } from '../errors.ts';

export type Entry = readonly [key: Uint8Array, value: Uint8Array];

/** So far in the future that no measured block comes near, in ms. */
const NEVER = 4_000_000_000_000n;
/** Above all that real leases have. */
const FIRST_ID = 1_000_000_000n;

/** One kind of entry that each lease has one of. */
interface Kind {
  /** What the keys of all copies begin with. */
  readonly prefix: Uint8Array;
  /** The rest of the key of one. */
  suffix(id: bigint): Uint8Array;
  value(id: bigint): Uint8Array;
}

/**
 * The entries of `state`, and of `copies` more leases, in order. A copy has all entries that a lease has of its own (order,
 * lease, both indexes, appointment), each different from the others; it never comes due, and no money is held for it.
 */
export function* withCopies(state: MemoryState, copies: number): Generator<Entry> {
  const added = copiesOf(state, copies)[Symbol.iterator]();
  let next = added.next();
  for (const entry of state.entries()) {
    for (; !next.done && Buffer.compare(next.value[0], entry[0]) < 0; next = added.next()) yield next.value;
    yield entry;
  }
  for (; !next.done; next = added.next()) yield next.value;
}

function* copiesOf(state: MemoryState, copies: number): Generator<Entry> {
  const kinds = kindsOf(state).sort((a, b) => Buffer.compare(a.prefix, b.prefix));
  for (const { prefix, suffix, value } of kinds) {
    const ids = Array.from({ length: copies }, (_, index) => FIRST_ID + BigInt(index));
    const keys = ids.map((id) => ({ id, text: Buffer.from(suffix(id)).toString('latin1') }));
    keys.sort((a, b) => (a.text < b.text ? -1 : 1));
    for (const { id, text } of keys) {
      yield [Uint8Array.from(Buffer.concat([prefix, Buffer.from(text, 'latin1')])), value(id)];
    }
  }
}

const mapId = (id: bigint): Uint8Array => twox64Concat(u64.encode(id));

function kindsOf(state: MemoryState): Kind[] {
  const models = ['Orders', 'Leases', 'OrdersOfRenter', 'OrdersOfProvider'].map((name) => ({
    ...firstUnder(state, storagePrefix('ResourceOrder', name)),
    suffix: mapId,
  }));
  const agenda = storagePrefix('ResourceOrder', 'Agenda');
  const task = firstUnder(state, agenda).value(0n);
  return [
    ...models,
    { prefix: agenda, suffix: appointment, value: (id) => Uint8Array.of(task[0] ?? 0, ...u64.encode(id)) },
  ];
}

function appointment(id: bigint): Uint8Array {
  const key = new DataView(new ArrayBuffer(16));
  key.setBigUint64(0, NEVER);
  key.setBigUint64(8, id);
  return new Uint8Array(key.buffer);
}

/** The first entry of a map as a model: its key without the id at the end, and its value with another end for each. */
function firstUnder(state: MemoryState, prefix: Uint8Array): Pick<Kind, 'prefix' | 'value'> {
  const [key] = state.keys(prefix);
  const model = key && state.get(key);
  if (!key || !model) throw new BenchError('BENCH_WRONG_RESULT', 'There is no lease to copy');
  return {
    prefix: key.subarray(0, key.length - mapId(0n).length),
    value(id) {
      const copy = Uint8Array.from(model);
      const end = Buffer.from(copy.buffer, Math.max(0, copy.length - 8));
      if (end.length === 8) end.writeBigUInt64LE(id);
      return copy;
    },
  };
}
