import { blake2b256 } from '@hamster/crypto';
import { bytes, fieldsCodec, fixedBytes, tuple, u32, vec, type Infer } from '@hamster/scale';
import { open, type Database, type RootDatabase } from 'lmdb';
import { LayoutConversion, updateTrie, type Change, type NodeSource } from '../src/index.ts';
import { Children } from '../src/trie/children.ts';
import { decodeNode } from '../src/trie/codec.ts';
import type { Place, Stored, TrieNode } from '../src/trie/node.ts';
import { hex } from './arbitraries.ts';
import type { TestBlock } from './database.ts';

const counted = vec(tuple(fixedBytes(32), u32));
const ENTRY = fieldsCodec({
  parentHash: fixedBytes(32),
  root: fixedBytes(32),
  inserted: counted,
  removed: counted,
  keys: vec(bytes),
});
type Entry = Infer<typeof ENTRY>;

const binary = { encoding: 'binary', keyEncoding: 'binary' } as const;

/** Writes a database as releases did that kept nodes under their hashes, with the number of places that need each. */
export class FormerDatabase {
  readonly #env: RootDatabase;
  readonly #window: number;
  readonly #nodes: Database<Buffer, Uint8Array>;
  readonly #flat: Database<Buffer, Uint8Array>;
  readonly #journal: Database<Buffer, Uint8Array>;
  readonly #meta: Database<Buffer, string>;
  readonly #pruning: Database<unknown, string>;
  readonly #hashes: Uint8Array[] = [];
  readonly #roots = new Map<string, Uint8Array>();
  #final = -1;
  #pruned = 0;

  constructor(path: string, window: number) {
    this.#env = open({ path });
    this.#window = window;
    this.#nodes = this.#env.openDB({ name: 'state-nodes', ...binary });
    this.#flat = this.#env.openDB({ name: 'state-flat', ...binary });
    this.#journal = this.#env.openDB({ name: 'state-journal', ...binary });
    this.#meta = this.#env.openDB({ name: 'state-meta', encoding: 'binary' });
    this.#pruning = this.#env.openDB({ name: 'state-pruning', encoding: 'msgpack' });
  }

  write(parent: TestBlock, changes: readonly Change[], salt = 0): TestBlock {
    const update = updateTrie({ source: this.#source(), root: parent.root, version: 1 }, changes);
    const net = new Map<string, number>();
    const count = (hash: Uint8Array, by: number) => net.set(hex(hash), (net.get(hex(hash)) ?? 0) + by);
    const known = new Map(update.inserted.map((each) => [hex(each.hash), each.bytes]));
    for (const { hash } of update.inserted) count(hash, 1);
    for (const place of update.removed) count(this.#hashes[place - 1] ?? parent.root, -1);
    const list = (sign: number) =>
      [...net].flatMap(([hash, by]) =>
        by * sign > 0 ? [[Buffer.from(hash, 'hex'), by * sign] as const] : [],
      );
    const [inserted, removed] = [list(1), list(-1)];
    for (const [hash, by] of inserted) this.#add(hash, by, known.get(hex(hash)));
    this.#moveFlat(parent.root, update.root, changes);
    const number = parent.number + 1;
    const hash = blake2b256(Uint8Array.of(...parent.hash, ...update.root, salt));
    const keys = changes.map(([key]) => key);
    const entry = { parentHash: parent.hash, root: update.root, inserted, removed, keys };
    this.#journal.putSync(keyOf(number, hash), Buffer.from(ENTRY.encode(entry)));
    this.#roots.set(hex(hash), update.root);
    return { number, hash, root: update.root };
  }

  finalize(block: TestBlock): void {
    const path: TestBlock[] = [];
    let each = block;
    while (each.number > this.#final) {
      path.unshift(each);
      const { parentHash } = this.#entry(each.number, each.hash);
      each = { ...each, number: each.number - 1, hash: parentHash };
    }
    for (const winner of path) this.#discardRivals(winner);
    this.#final = block.number;
    this.#pruning.putSync('finalized', { number: block.number, hash: Buffer.from(block.hash) });
    while (this.#pruned < block.number - this.#window + 1) this.#prune(this.#pruned + 1);
  }

  /** Brings all of it into today's layout, unless `last` throws. */
  convert(last: () => void = () => undefined): void {
    const conversion = new LayoutConversion({
      env: this.#env,
      rootOf: (hash) => this.#roots.get(hex(hash)),
    });
    this.#env.transactionSync(() => {
      conversion.run();
      last();
    });
  }

  close(): Promise<void> {
    return this.#env.close();
  }

  #discardRivals({ number, hash }: TestBlock): void {
    for (const rival of this.#at(number)) {
      if (hex(rival) === hex(hash)) continue;
      this.#giveUp(this.#entry(number, rival).inserted);
      this.#journal.removeSync(keyOf(number, rival));
    }
  }

  #prune(number: number): void {
    for (const hash of this.#at(number)) {
      this.#giveUp(this.#entry(number, hash).removed);
      this.#journal.removeSync(keyOf(number, hash));
    }
    this.#pruned = number;
    this.#pruning.putSync('pruned', number);
  }

  #at(number: number): Uint8Array[] {
    const keys = [...this.#journal.getKeys()].map((key) => Buffer.from(key));
    return keys.filter((key) => key.readUInt32BE() === number).map((key) => Uint8Array.from(key.subarray(4)));
  }

  #entry(number: number, hash: Uint8Array): Entry {
    return ENTRY.decode(Uint8Array.from(this.#journal.get(keyOf(number, hash)) ?? []));
  }

  #giveUp(nodes: Entry['inserted']): void {
    for (const [hash, by] of nodes) this.#add(hash, -by, undefined);
  }

  #add(hash: Uint8Array, by: number, encoded: Uint8Array | undefined): void {
    const before = this.#nodes.get(hash);
    const count = (before?.readUInt32LE() ?? 0) + by;
    if (count === 0) return void this.#nodes.removeSync(hash);
    const record = Buffer.concat([Buffer.alloc(4), before?.subarray(4) ?? encoded ?? new Uint8Array()]);
    record.writeUInt32LE(count);
    this.#nodes.putSync(hash, record);
  }

  #moveFlat(from: Uint8Array, to: Uint8Array, changes: readonly Change[]): void {
    const root = this.#meta.get('flat-root');
    if (root && hex(root) !== hex(from)) return;
    for (const [key, value] of changes) {
      if (value) this.#flat.putSync(key, Buffer.from(value));
      else this.#flat.removeSync(key);
    }
    this.#meta.putSync('flat-root', Buffer.from(to));
  }

  /** Gives each hash a place of its own, to find again what an update takes away. */
  #source(): NodeSource {
    const get = ({ hash }: Stored) => {
      const record = this.#nodes.get(hash);
      return record && Uint8Array.from(record.subarray(4));
    };
    return {
      root: (hash) => this.#placeOf(hash),
      node: (ref) => {
        const record = get(ref);
        const node = record && decodeNode(record);
        return node && this.#interned(node);
      },
      value: get,
    };
  }

  #interned({ partial, value, children }: TrieNode): TrieNode {
    const own = ({ hash }: Stored) => ({ hash, place: this.#placeOf(hash) });
    return {
      partial,
      value: value && 'hash' in value ? own(value) : value,
      children:
        children &&
        Children.of(children.list().map((child) => (child && 'hash' in child ? own(child) : child))),
    };
  }

  #placeOf(hash: Uint8Array): Place {
    const at = this.#hashes.findIndex((each) => hex(each) === hex(hash));
    return at < 0 ? this.#hashes.push(hash) : at + 1;
  }
}

function keyOf(number: number, hash: Uint8Array): Buffer {
  const key = Buffer.concat([Buffer.alloc(4), hash]);
  key.writeUInt32BE(number);
  return key;
}
