import type { Context } from '@hamster/frame';
import type { SessionKeys } from '../primitives/session-keys.ts';

/** Told, in the first moment of a session, whose keys are in force from the next block on. */
export type SessionHandler = (ctx: Context, authorities: readonly SessionKeys[]) => void;

export interface SessionConfig {
  /** Each takes its own key of each authority. */
  readonly handlers: readonly SessionHandler[];
}
