import type { Type } from '@hamster/scale';
import type { Notes } from './note-log.ts';

/** How a value becomes bytes, and bytes a value. */
export type Codec<T> = Pick<Type<T>, 'encode' | 'check' | 'decode'>;

/** A value that is in the state. */
export interface StoredValue {
  /** What it means. Decoded once for all who ask with the same codec. Throws what `decode` throws. */
  as<T>(codec: Codec<T>): T;
}

/**
 * The state as the rules see it: an ordered map from bytes to bytes.
 * Synchronous on purpose: a rule never waits.
 */
export interface StateReader {
  /** The value under `key`; the caller must not write into the array that it gets. */
  get(key: Uint8Array): Uint8Array | undefined;
  /** As `get`, for those who want to know what the bytes mean. States that remember what was decoded have it. */
  stored?(key: Uint8Array): StoredValue | undefined;
  /** The lexicographic successor of `after`, whether or not `after` itself exists. */
  nextKey(after: Uint8Array): Uint8Array | undefined;
  /** Keys that start with `prefix`, in order, beginning strictly behind `startAfter`. */
  keys(prefix: Uint8Array, startAfter?: Uint8Array): Iterable<Uint8Array>;
}

/** A state that can be written, in layers: `begin` opens one, `commit` folds it down, `rollback` forgets it. */
export interface StateAccess extends StateReader {
  put(key: Uint8Array, value: Uint8Array): void;
  /**
   * As `put` of the encoded value, which must not change afterwards. States that put encoding off have it: until somebody asks for
   * the bytes. `commit` throws what `encode` throws, and the layer stays open.
   */
  putValue?<T>(key: Uint8Array, codec: Codec<T>, value: T): void;
  delete(key: Uint8Array): void;
  begin(): void;
  commit(): void;
  rollback(): void;
  /**
   * Notes an event record of the open block. A rolled-back layer takes its notes along; they never enter the state.
   * Throws what the encoding throws, and then notes nothing.
   */
  note<T>(type: Pick<Type<T>, 'encodeInto'>, record: T): void;
  /** The notes so far, in order. */
  notes(): Notes;
  /** Gives the notes and forgets them. Only while no layer is open. */
  takeNotes(): Notes;
}
