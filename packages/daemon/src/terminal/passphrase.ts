import { readFile } from 'node:fs/promises';
import { DaemonError, EXIT_USAGE, sentenceOf } from '../errors.ts';
import { askHidden } from './ask.ts';
import { isInteractive } from './terminal.ts';
import type { Terminal } from './terminal.ts';

/** Where a key's passphrase may come from: a file, then the environment, then the person. */
export interface PassphraseSources {
  readonly file?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly terminal: Terminal;
  /** Ends the asking. */
  readonly signal?: AbortSignal;
}

/** The environment variable that may hold the passphrase. */
export const PASSPHRASE_VARIABLE = 'HAMSTER_PASSPHRASE';

const MIN_LENGTH = 8;

/** The passphrase of a key that exists. Throws `NO_PASSPHRASE` when there is nowhere to take it from. */
export async function readPassphrase(sources: PassphraseSources, question: string): Promise<string> {
  const given = await givenPassphrase(sources);
  if (given !== undefined) return given;
  requireSomeone(sources.terminal);
  return askHidden(sources.terminal, question, sources.signal);
}

/** A passphrase for a new key, typed twice by a person, of at least 8 characters. */
export async function newPassphrase(sources: PassphraseSources): Promise<string> {
  const given = await givenPassphrase(sources);
  if (given !== undefined) return longEnough(given);
  requireSomeone(sources.terminal);
  const first = longEnough(await askHidden(sources.terminal, 'New passphrase:', sources.signal));
  const second = await askHidden(sources.terminal, 'Once more:', sources.signal);
  if (first === second) return first;
  throw new DaemonError('PASSPHRASES_DIFFER', 'The two passphrases differ. Nothing was written; try again.');
}

async function givenPassphrase({ file, env }: PassphraseSources): Promise<string | undefined> {
  if (file === undefined) return env[PASSPHRASE_VARIABLE] || undefined;
  try {
    return (await readFile(file, 'utf8')).replace(/\r?\n$/, '');
  } catch (cause) {
    const message = `Cannot read the passphrase from ${file}: ${sentenceOf(cause)}.`;
    throw new DaemonError('PASSPHRASE_UNREADABLE', message, { cause, exitCode: EXIT_USAGE });
  }
}

function longEnough(passphrase: string): string {
  if (passphrase.length >= MIN_LENGTH) return passphrase;
  throw new DaemonError(
    'PASSPHRASE_TOO_SHORT',
    `The passphrase has ${passphrase.length} characters; it needs at least ${MIN_LENGTH}.`,
  );
}

function requireSomeone(terminal: Terminal): void {
  if (isInteractive(terminal)) return;
  throw new DaemonError(
    'NO_PASSPHRASE',
    `The key needs its passphrase: give --passphrase-file <file>, set ${PASSPHRASE_VARIABLE}, or run in a terminal.`,
    { exitCode: EXIT_USAGE },
  );
}
