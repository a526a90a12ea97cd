import type { Patience } from '../signals.ts';
import type { State } from './decorated.ts';

/** Where reads ask: the chain as it is when each of them comes, or as it was after one block. */
export interface Reading {
  read<T>(what: string, work: (state: State) => Promise<T>, patience?: Patience): Promise<T>;
}
