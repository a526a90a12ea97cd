import { blake2b256 } from '@hamster/crypto';
import type { Database, RootDatabase } from 'lmdb';
import { commitBatch } from './commit-batch.ts';

/** What somebody keeps in the node beside the chain: no block knows of it, and no other node. */
export interface OffchainStore {
  get(key: Uint8Array): Uint8Array | undefined;
  /** On disk when this resolves. */
  set(key: Uint8Array, value: Uint8Array): Promise<void>;
  /** The same. */
  clear(key: Uint8Array): Promise<void>;
}

/** Keys are as long as somebody likes, those of LMDB are not: entries are kept under the hash of theirs. */
export function offchainStore(env: RootDatabase): OffchainStore {
  const table: Database<Buffer, Uint8Array> = env.openDB({
    name: 'offchain',
    encoding: 'binary',
    keyEncoding: 'binary',
  });
  return {
    get(key) {
      const value = table.get(blake2b256(key));
      return value && Uint8Array.from(value);
    },
    set: (key, value) => commitBatch(env, () => void table.put(blake2b256(key), Buffer.from(value))),
    clear: (key) => commitBatch(env, () => void table.remove(blake2b256(key))),
  };
}
