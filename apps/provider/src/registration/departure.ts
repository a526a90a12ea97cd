import { DaemonError, readJsonState, Type, writeJsonState } from '@hamster/daemon';
import { rm } from 'node:fs/promises';
import { timeText } from '../wording.ts';
import type { Registered } from './plan-registration.ts';

const FORM = Type.Object({ leftAt: Type.Integer() });

/**
 * That its operator took this machine off the market, kept over restarts. It counts only while the chain has no such
 * machine, so that one noted before a transaction that never came through keeps nobody out.
 */
export interface Departure {
  /** Chain time, ms; undefined when the machine never left, or has come back. Throws DaemonError STATE_UNREADABLE. */
  read(): Promise<number | undefined>;
  note(leftAt: number): Promise<void>;
  forget(): Promise<void>;
}

/** The note in a file. */
export function departureIn(path: string): Departure {
  return {
    read: async () => (await readJsonState(path, FORM))?.leftAt,
    note: (leftAt) => writeJsonState(path, { leftAt }),
    forget: () => rm(path, { force: true }),
  };
}

/** Throws DaemonError LEFT_MARKET for a machine that would come back, and stake again, without being told to. */
export function refuseSilentReturn(
  leftAt: number | undefined,
  { resource }: Pick<Registered, 'resource'>,
  rejoin: boolean,
): void {
  if (leftAt === undefined || resource !== undefined || rejoin) return;
  throw new DaemonError(
    'LEFT_MARKET',
    `This machine left the market (${timeText(leftAt)}). To bring it back, which stakes again, start once with --rejoin.`,
  );
}
