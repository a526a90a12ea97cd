import { blake2b256 } from '@hamster/crypto';
import type { RootDatabase } from 'lmdb';
import { decodeNode } from '../src/trie/codec.ts';
import { hex } from './arbitraries.ts';

const PLACE_BYTES = 6;

/** What is in the tables, read without the code that keeps them: roots, and which records can be reached from them. */
export class StoredTries {
  readonly #records = new Map<number, Buffer>();
  readonly #reached = new Set<number>();
  readonly roots = new Map<string, number[]>();

  constructor(env: RootDatabase) {
    const binary = { encoding: 'binary', keyEncoding: 'binary' } as const;
    for (const { key, value } of env.openDB({ name: 'state-trie', ...binary }).getRange()) {
      this.#records.set(Buffer.from(key as Uint8Array).readUIntBE(0, PLACE_BYTES), value as Buffer);
    }
    for (const { key, value } of env.openDB({ name: 'state-roots', ...binary }).getRange()) {
      const places = Buffer.from(value as Buffer);
      const list = Array.from({ length: places.length / PLACE_BYTES }, (_, at) =>
        places.readUIntBE(at * PLACE_BYTES, PLACE_BYTES),
      );
      this.roots.set(hex(key as Uint8Array), list);
      for (const place of list) this.#walk(place, hex(key as Uint8Array));
    }
  }

  /** Records that nothing leads to. */
  lost(): number[] {
    return [...this.#records.keys()].filter((place) => !this.#reached.has(place));
  }

  #walk(place: number, hash: string): void {
    const record = this.#records.get(place);
    if (!record) throw new RangeError(`Nothing is at ${place}, where ${hash} should be`);
    if (this.#reached.has(place)) return;
    this.#reached.add(place);
    const node = decodeNode(Uint8Array.from(record), true);
    const value = node?.value && 'hash' in node.value ? node.value : undefined;
    const children = (node?.children?.list() ?? []).filter(
      (child) => child !== undefined && 'place' in child,
    );
    const length = record.length - PLACE_BYTES * (children.length + (value ? 1 : 0));
    if (hex(blake2b256(record.subarray(0, length))) !== hash)
      throw new RangeError(`${hash} is not at ${place}`);
    if (value) this.#value(value.place, hex(value.hash));
    for (const child of children) this.#walk(child.place, hex(child.hash));
  }

  #value(place: number, hash: string): void {
    const record = this.#records.get(place);
    if (!record || hex(blake2b256(record)) !== hash) throw new RangeError(`No value ${hash} is at ${place}`);
    this.#reached.add(place);
  }
}
