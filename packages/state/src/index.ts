export { StateError, type StateErrorCode } from './errors.ts';
export { MAX_KEY_LENGTH } from './keys.ts';
export { Overlay } from './overlay/overlay.ts';
export { countOf } from './store/count.ts';
export {
  dropFlatState,
  flatTables,
  formerState,
  LayoutConversion,
  type Progress,
} from './store/former-layout.ts';
export type { BlockRef } from './store/journal.ts';
export { lastPruned, type Pruning } from './store/pruner.ts';
export {
  DEFAULT_PRUNING,
  StateDb,
  type StateDbOptions,
  type StateUpdate,
  type WrittenBlock,
} from './store/state-db.ts';
export {
  orderedRoot,
  orderedRootInSlices,
  sortedTrieRoot,
  trieRoot,
  updateTrie,
  type Change,
  type TrieBase,
} from './trie/build.ts';
export type { TrieUpdate } from './trie/builder.ts';
export type { NodeSource, StateVersion, TrieNode } from './trie/node.ts';
export { compactProof } from './trie/compact-proof.ts';
export { proofSource, readProof, witness } from './trie/proof.ts';
export { closestMerkleValue, nextKey, readValue, trieKeys, type Trie } from './trie/read.ts';
export { EMPTY_ROOT } from './trie/resolve.ts';
