import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { MachineError, textOf } from '../errors.ts';
import { isMissing } from '../host/files.ts';

export type Download = {
  url: string;
  /** In hex; what has another is thrown away. */
  sha256: string;
  /** Where it goes; nobody else writes there. */
  target: string;
  /** Where what came of it is kept when the connection breaks for good, for the next attempt to go on from. */
  partial: string;
};

const MAX_BYTES = 16 * 1024 ** 3;
const LIMIT_MS = 60 * 60_000;
const MAX_CONNECTIONS = 20;
const OK = 200;
const PARTIAL = 206;
const OUT_OF_RANGE = 416;

/**
 * Downloads a file whose hash is known. When the connection breaks it asks for the rest, and the next call goes on from
 * what was kept; the hash is over all of it, whatever came when. Throws `ImageCorrupt`.
 */
export async function download(
  { url, sha256, target, partial }: Download,
  outer?: AbortSignal,
): Promise<void> {
  const signal = AbortSignal.any([AbortSignal.timeout(LIMIT_MS), ...(outer ? [outer] : [])]);
  // Moved rather than opened, so that of two imports at once only one goes on from it.
  await rename(partial, target).catch(unlessMissing);
  try {
    const found = await fetchAll(url, target, signal);
    if (found === sha256) return;
    await rm(target, { force: true });
    throw corruptDownload(url, `its SHA-256 is ${found}, not ${sha256}`);
  } catch (error) {
    await rename(target, partial).catch(unlessMissing);
    outer?.throwIfAborted();
    if (error instanceof MachineError) throw error;
    throw corruptDownload(url, `${textOf(error)}; what came is kept, and the next attempt goes on from it`);
  }
}

export function corruptDownload(what: string, why: string): MachineError {
  return new MachineError('ImageCorrupt', `${what} cannot be used: ${why}`);
}

/** The hash of the whole file. Connections that break are followed by others, as long as each brings something. */
async function fetchAll(url: string, target: string, signal: AbortSignal): Promise<string> {
  for (let connections = 1; ; connections += 1) {
    const had = await sizeOf(target);
    const hash = createHash('sha256');
    if (had > 0) await pipeline(createReadStream(target), hash, { end: false, signal });
    try {
      return await fetchRest({ url, target, had, signal }, hash);
    } catch (error) {
      if (error instanceof MachineError || signal.aborted || connections === MAX_CONNECTIONS) throw error;
      if ((await sizeOf(target)) === had) throw error;
    }
  }
}

type Rest = { url: string; target: string; had: number; signal: AbortSignal };

async function fetchRest({ url, target, had, signal }: Rest, hash: Hash): Promise<string> {
  const headers = had > 0 ? { range: `bytes=${had}-` } : undefined;
  const response = await fetch(url, { signal, ...(headers && { headers }) });
  const whole = response.status === OK;
  if (response.status === OUT_OF_RANGE) return hash.digest('hex');
  if ((!whole && !continues(response, had)) || response.body === null)
    throw corruptDownload(url, `the server answered ${response.status}`);
  // A server that knows no ranges begins anew.
  const all = whole ? createHash('sha256') : hash;
  const body = Readable.fromWeb(response.body as ReadableStream<Uint8Array>);
  const file = createWriteStream(target, { flags: whole ? 'w' : 'a' });
  await pipeline(body, measured(all, url, whole ? 0 : had), file, { signal });
  return all.digest('hex');
}

function continues({ status, headers }: Response, had: number): boolean {
  return had > 0 && status === PARTIAL && headers.get('content-range')?.startsWith(`bytes ${had}-`) === true;
}

function measured(hash: Hash, url: string, had: number): Transform {
  let total = had;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      total += chunk.length;
      if (total > MAX_BYTES) return done(corruptDownload(url, `it is larger than ${MAX_BYTES} bytes`));
      hash.update(chunk);
      done(null, chunk);
    },
  });
}

function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

function unlessMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}
