import { DaemonError, sentenceOf, writePrivateFile } from '@hamster/daemon';
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

const TOKEN_BYTES = 32;
const TOKEN = /^[A-Za-z0-9_-]{32,128}$/;
const OTHERS = 0o077;

/** Where a daemon with this home keeps the token of its API. */
export function tokenPathIn(home: string): string {
  return join(home, 'api.token');
}

/** The token in the file, which is made (0600) when there is none. Throws `API_TOKEN_UNUSABLE`. */
export async function loadOrCreateToken(path: string): Promise<string> {
  const present = await readToken(path);
  if (present !== undefined) return present;
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  await writePrivateFile(path, `${token}\n`);
  return token;
}

/** The token in the file; undefined when there is none. Throws `API_TOKEN_UNUSABLE`. */
export async function readToken(path: string): Promise<string | undefined> {
  const text = await textOf(path);
  if (text === undefined) return undefined;
  const token = text.trim();
  if (!TOKEN.test(token)) throw unusable(path, 'it holds no token of 32 to 128 letters, digits, - and _');
  return token;
}

/** Compares in a time that does not tell how much of it was right. */
export function sameToken(given: string, token: string): boolean {
  return timingSafeEqual(digest(given), digest(token));
}

/**
 * What only a holder of the token can answer to a challenge, which tells nothing of the token. Who takes a port that the daemon had
 * before, and passes challenges on to it, gets a proof of the daemon's present port, with which nobody who dialled the other is content.
 *
 * @param port the TCP port at which it answers, and which was dialled.
 */
export function proofOf(token: string, challenge: string, port: number): string {
  return createHmac('sha256', token).update(`hamster daemon ${port} ${challenge}`).digest('base64url');
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    const { mode } = await stat(path);
    if (mode & OTHERS) throw unusable(path, 'others than its owner may read it, and may have done so');
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof DaemonError) throw error;
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw unusable(path, sentenceOf(error));
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function unusable(path: string, reason: string): DaemonError {
  return new DaemonError(
    'API_TOKEN_UNUSABLE',
    `Cannot use the API's token in ${path}: ${reason}. Delete the file, and the daemon makes a new one at its next start.`,
  );
}
