import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { MachineError, textOf } from '../errors.ts';
import { hasErrnoCode, isMissing } from '../host/files.ts';

export type Download = {
  url: string;
  /** In hex; what has another is thrown away. */
  sha256: string;
  /** Where it goes; nobody else writes there. */
  target: string;
  /** Where what came of it is kept when the connection breaks for good, for the next attempt to go on from. */
  partial: string;
  /** What is larger is refused. */
  maxBytes?: number;
  /** Of the file system that it goes to. */
  freeBytes?: () => Promise<number>;
};

const MIB = 1024 ** 2;
const MAX_BYTES = 16 * 1024 ** 3;
/** Left free for the disks of machines, which are held when there is no room for what they write. */
const RESERVED_BYTES = 1024 ** 3;
const LIMIT_MS = 60 * 60_000;
const MAX_CONNECTIONS = 20;
const OK = 200;
const PARTIAL = 206;
const OUT_OF_RANGE = 416;

/**
 * Downloads a file whose hash is known. When the connection breaks it asks for the rest, and the next call goes on from
 * what was kept; the hash is over all of it, whatever came when. Throws `ImageCorrupt`, or `InsufficientCapacity` for what has
 * no room here: of that nothing is kept.
 */
export async function download(source: Download, outer?: AbortSignal): Promise<void> {
  const { url, sha256, target, partial } = source;
  const signal = AbortSignal.any([AbortSignal.timeout(LIMIT_MS), ...(outer ? [outer] : [])]);
  // Moved rather than opened, so that of two imports at once only one goes on from it.
  await rename(partial, target).catch(unlessMissing);
  try {
    const found = await fetchAll(source, signal);
    if (found === sha256) return;
    await rm(target, { force: true });
    throw corruptDownload(url, `its SHA-256 is ${found}, not ${sha256}`);
  } catch (error) {
    const noRoom = noRoomOf(error, url);
    if (noRoom) await rm(target, { force: true });
    else await rename(target, partial).catch(unlessMissing);
    outer?.throwIfAborted();
    if (noRoom) throw noRoom;
    if (error instanceof MachineError) throw error;
    throw corruptDownload(url, `${textOf(error)}; what came is kept, and the next attempt goes on from it`);
  }
}

export function corruptDownload(what: string, why: string): MachineError {
  return new MachineError('ImageCorrupt', `${what} cannot be used: ${why}`);
}

/** The hash of the whole file. Connections that break are followed by others, as long as each brings something. */
async function fetchAll(source: Download, signal: AbortSignal): Promise<string> {
  const { target } = source;
  for (let connections = 1; ; connections += 1) {
    const had = await sizeOf(target);
    const hash = createHash('sha256');
    if (had > 0) await pipeline(createReadStream(target), hash, { end: false, signal });
    try {
      return await fetchRest({ ...source, had, signal }, hash);
    } catch (error) {
      if (error instanceof MachineError || signal.aborted || connections === MAX_CONNECTIONS || isFull(error))
        throw error;
      if ((await sizeOf(target)) === had) throw error;
    }
  }
}

type Rest = Download & { had: number; signal: AbortSignal };

async function fetchRest(rest: Rest, hash: Hash): Promise<string> {
  const { url, target, had, signal } = rest;
  // As it is: a file that is packed already, and told to be, would be unpacked. With a range, fetch asks so by itself.
  const headers: Record<string, string> =
    had > 0 ? { range: `bytes=${had}-` } : { 'accept-encoding': 'identity' };
  const response = await fetch(url, { signal, headers });
  const whole = response.status === OK;
  if (response.status === OUT_OF_RANGE) return hash.digest('hex');
  if ((!whole && !continues(response, had)) || response.body === null)
    throw corruptDownload(url, `the server answered ${response.status}`);
  await checkRoom(rest, Number(response.headers.get('content-length') ?? 0));
  // A server that knows no ranges begins anew.
  const all = whole ? createHash('sha256') : hash;
  const body = Readable.fromWeb(response.body as ReadableStream<Uint8Array>);
  const file = createWriteStream(target, { flags: whole ? 'w' : 'a' });
  await pipeline(body, measured(all, rest, whole ? 0 : had), file, { signal });
  return all.digest('hex');
}

function continues({ status, headers }: Response, had: number): boolean {
  return had > 0 && status === PARTIAL && headers.get('content-range')?.startsWith(`bytes ${had}-`) === true;
}

async function checkRoom(
  { url, target, maxBytes = MAX_BYTES, freeBytes }: Rest,
  bytes: number,
): Promise<void> {
  if (bytes > maxBytes) throw tooLarge(url, maxBytes);
  const free = await (freeBytes?.() ?? freeAt(dirname(target)));
  if (bytes + RESERVED_BYTES <= free) return;
  const [takes, has] = [bytes, free].map((value) => Math.ceil(value / MIB));
  throw new MachineError(
    'InsufficientCapacity',
    `${url} takes ${takes} MiB, and ${has} MiB are free in ${dirname(target)}, ${RESERVED_BYTES / MIB} of which are left to machines: make room there`,
  );
}

async function freeAt(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}

function noRoomOf(error: unknown, url: string): MachineError | undefined {
  if (error instanceof MachineError) return error.code === 'InsufficientCapacity' ? error : undefined;
  if (!isFull(error)) return undefined;
  const message = `the disk is full of what came of ${url}, which was removed: make room and try again`;
  return new MachineError('InsufficientCapacity', message, { cause: error });
}

const isFull = (error: unknown): boolean => hasErrnoCode(error, 'ENOSPC');

const tooLarge = (url: string, maxBytes: number): MachineError =>
  new MachineError('InsufficientCapacity', `${url} cannot be used: it is larger than ${maxBytes} bytes`);

function measured(hash: Hash, { url, maxBytes = MAX_BYTES }: Download, had: number): Transform {
  let total = had;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      total += chunk.length;
      if (total > maxBytes) return done(tooLarge(url, maxBytes));
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
