import { createWriteStream } from 'node:fs';
import { realpath, rename, rm, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DaemonError } from '@hamster/daemon';

/**
 * Puts what comes into a file that is there only when it is whole and on the disk; what had that name before stays until then, for it
 * may be the only backup. A pipe or a device is written to as it comes. Throws `DaemonError` FILE_NOT_WRITTEN.
 */
export async function writeWhole(content: Readable, file: string): Promise<void> {
  const place = await stat(file).catch(() => undefined);
  const isFile = place?.isFile() ?? true;
  // The disk of a link may have no room for it, and a link would be replaced.
  const whole = await realpath(file).catch(() => file);
  const target = isFile ? `${whole}.part` : file;
  try {
    await pipeline(content, createWriteStream(target, { flush: isFile }));
    if (isFile) await rename(target, whole);
  } catch (error) {
    // Where there is none, or none that may be removed, the first reason is what counts.
    if (isFile) await rm(target, { force: true }).catch(() => undefined);
    throw notWritten(file, error);
  }
}

/** What the content itself throws says what is wrong with it. */
function notWritten(file: string, cause: unknown): unknown {
  if (!(cause instanceof Error) || !('syscall' in cause)) return cause;
  return new DaemonError(
    'FILE_NOT_WRITTEN',
    `Cannot write ${file} (${cause.message}). Nothing of it was kept: make room there, or choose another place.`,
    { cause },
  );
}
