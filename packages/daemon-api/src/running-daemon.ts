import { DaemonError, sentenceOf } from '@hamster/daemon';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { boundedJson } from './bounded-json.ts';
import { ApiError } from './errors.ts';
import { proofOf, readToken, sameToken, tokenPathIn } from './token.ts';

/** The API of a daemon that runs on this computer, for its own commands. */
export interface RunningDaemon {
  readonly url: string;
  /** Asks, and hands back the answer's JSON. Throws what the daemon says as an ApiError. */
  ask(method: 'GET' | 'POST' | 'PATCH', path: string, options?: AskOptions): Promise<unknown>;
}

export interface AskOptions {
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** Default 15 s. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 15_000;
/** Of whoever answers at the address before he has proved who he is, in bytes; then of the daemon. */
const MOST_UNPROVEN = 64 * 1024;
const MOST_PROVEN = 16 * 1024 * 1024;

/** Where a daemon with this home tells its own commands at which address its API is. */
export function urlPathIn(home: string): string {
  return join(home, 'api.url');
}

/**
 * The daemon that runs with this home; undefined when none does, or one without an API. Whoever answers has to prove that it holds
 * the token before it is sent: after a crash another user of the computer may have taken the port.
 */
export async function runningDaemon(home: string, signal?: AbortSignal): Promise<RunningDaemon | undefined> {
  const [url, token] = await Promise.all([urlIn(home), readToken(tokenPathIn(home))]);
  if (url === undefined || token === undefined) return undefined;
  if (!(await provesItself(url, token, signal))) return undefined;
  return { url, ask: (method, path, options) => ask(method, { url, token, path }, options) };
}

async function provesItself(url: string, token: string, signal?: AbortSignal): Promise<boolean> {
  const challenge = randomBytes(32).toString('hex');
  try {
    const answer = await fetch(`${url}/health?challenge=${challenge}`, {
      redirect: 'error',
      signal: within(TIMEOUT_MS, signal),
    });
    const { proof } = (await boundedJson(answer, MOST_UNPROVEN)) as { readonly proof?: unknown };
    return typeof proof === 'string' && sameToken(proof, proofOf(token, challenge, portOf(url)));
  } catch {
    signal?.throwIfAborted();
    return false;
  }
}

/** An address leaves out the port that everybody knows. */
function portOf(url: string): number {
  return Number(new URL(url).port || 80);
}

async function urlIn(home: string): Promise<string | undefined> {
  try {
    return (await readFile(urlPathIn(home), 'utf8')).trim();
  } catch {
    return undefined;
  }
}

interface Target {
  readonly url: string;
  readonly token: string;
  readonly path: string;
}

async function ask(method: string, { url, token, path }: Target, options: AskOptions = {}): Promise<unknown> {
  const { body, signal, timeoutMs = TIMEOUT_MS } = options;
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: within(timeoutMs, signal),
  }).catch((cause: unknown) => {
    throw away(url, cause);
  });
  const content = await boundedJson(answer, MOST_PROVEN);
  if (answer.ok) return content;
  const { code, message } = content as { code: string; message: string };
  throw new ApiError(answer.status, code, message);
}

function away(url: string, cause: unknown): DaemonError {
  return new DaemonError('DAEMON_AWAY', `The daemon at ${url} does not answer: ${sentenceOf(cause)}.`, {
    cause,
    fault: 'transient',
  });
}

function within(timeoutMs: number, signal?: AbortSignal): AbortSignal {
  const timeout = AbortSignal.timeout(timeoutMs);
  return signal ? AbortSignal.any([signal, timeout]) : timeout;
}
