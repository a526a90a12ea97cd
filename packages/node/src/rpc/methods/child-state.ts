import { toHex } from '@hamster/crypto';
import { blockAt } from '../blocks.ts';
import { invalidChildStorageKey, stateDiscarded } from '../protocol/errors.ts';
import { alias, method, type Call } from '../protocol/method.ts';
import { bytes, hash, list, optional, uint32 } from '../protocol/params.ts';
import type { Hash } from '../../header.ts';

/** `:child_storage:default:`, which the key of every child trie begins with. */
const CHILD_PREFIX = Buffer.from(':child_storage:default:');

const CHILD = bytes('childStorageKey');
const KEY = bytes('key');
const AT = optional(hash('hash'));
const MAX_KEYS = 1024;

/**
 * This chain has no child tries, so every one of them is empty. The block and the name of the trie are checked all the same.
 */
function emptyTrie({ backend }: Call, child: Uint8Array, at: Hash | undefined): Hash {
  if (!CHILD_PREFIX.equals(child.subarray(0, CHILD_PREFIX.length))) throw invalidChildStorageKey();
  return blockAt(backend, at);
}

export const childstate_getStorage = method([CHILD, KEY, AT], (call, child, _key, at) => {
  emptyTrie(call, child, at);
  return null;
});

export const childstate_getStorageHash = alias(childstate_getStorage);

export const childstate_getStorageSize = alias(childstate_getStorage);

export const childstate_getStorageEntries = method(
  [CHILD, list(KEY, MAX_KEYS), AT],
  (call, child, keys, at) => {
    emptyTrie(call, child, at);
    return keys.map(() => null);
  },
);

export const childstate_getKeys = method(
  [CHILD, optional(bytes('prefix')), AT],
  (call, child, _prefix, at) => {
    emptyTrie(call, child, at);
    return [];
  },
);

export const childstate_getKeysPaged = method(
  [CHILD, optional(bytes('prefix')), uint32('count'), optional(bytes('startKey')), AT],
  (call, child, _prefix, _count, _startKey, at) => {
    emptyTrie(call, child, at);
    return [];
  },
);

export const childstate_getKeysPagedAt = alias(childstate_getKeysPaged);

/** What proves that there is no such trie: it would have its root in the main one. Without keys nothing is asked, and nothing proved. */
export const state_getChildReadProof = method([CHILD, list(KEY, MAX_KEYS), AT], (call, child, keys, at) => {
  const block = emptyTrie(call, child, at);
  const proof = call.backend.proof(block, keys.length > 0 ? [child] : []);
  if (!proof) throw stateDiscarded(block);
  return { at: block, proof: proof.map((node) => toHex(node)) };
});
