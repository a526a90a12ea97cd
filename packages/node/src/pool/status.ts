import type { Hash } from '../header.ts';

/** What becomes of a submitted extrinsic; every state after `ready` and `future` but `inBlock` and `retracted` is the last. */
export type TransactionStatus =
  | { readonly type: 'ready' }
  | { readonly type: 'future' }
  | { readonly type: 'inBlock'; readonly block: Hash; readonly index: number }
  | { readonly type: 'retracted'; readonly block: Hash }
  | { readonly type: 'finalized'; readonly block: Hash; readonly index: number }
  | { readonly type: 'usurped'; readonly by: Hash }
  | { readonly type: 'dropped' }
  | { readonly type: 'invalid' };

export type StatusListener = (status: TransactionStatus) => void;

const LAST: ReadonlySet<TransactionStatus['type']> = new Set(['finalized', 'usurped', 'dropped', 'invalid']);

/** True when no other status can follow. */
export const isFinalStatus = (status: TransactionStatus): boolean => LAST.has(status.type);
