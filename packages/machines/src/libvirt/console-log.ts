import { mkdir, open, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MachineError, textOf } from '../errors.ts';
import { isMissing } from '../host/files.ts';
import { chainPrefix } from '../names.ts';

/** More than a boot prints, and little enough that a thousand machines may have as much. */
export const CONSOLE_LOG_BYTES = 256 * 1024;
const CONSOLES = 'consoles';
const BLOCK = 512;
const TAIL_BYTES = 2048;
const TAIL_CHARS = 300;
/** virtlogd keeps up to three older files, numbered. */
const BACKUPS = ['', '.0', '.1', '.2'];

/** Others may pass through these directories, as the hypervisor must, but not look into them. */
export async function prepareDirectories(stateDir: string): Promise<void> {
  for (const name of ['disks', CONSOLES]) {
    await mkdir(join(stateDir, name), { recursive: true, mode: 0o711 });
  }
}

export function consoleLogPath(stateDir: string, machine: string): string {
  return join(stateDir, CONSOLES, `${machine}.log`);
}

/**
 * An empty log for a machine that is about to start. libvirt appends to what is there and leaves it to its owner; what it
 * made itself would be root's, and a provider that is not root could neither read nor empty it.
 */
export async function renewConsoleLog(path: string): Promise<void> {
  await removeConsoleLog(path);
  await writeFile(path, '', { mode: 0o600, flag: 'wx' });
}

/**
 * Empties the logs of this chain's machines that have become too large. What a guest writes to its console is on its host's
 * disk, and only virtlogd has an end of its own; where libvirt runs without it, QEMU writes on as long as there is a disk.
 * libvirt is not asked: guests run on while it is away.
 */
export async function boundConsoleLogs({
  stateDir,
  chain,
}: {
  stateDir: string;
  chain: string;
}): Promise<void> {
  const directory = join(stateDir, CONSOLES);
  const names = await readdir(directory).catch(emptyIfMissing);
  const ours = names.filter((name) => name.startsWith(chainPrefix(chain)) && name.endsWith('.log'));
  const failed: string[] = [];
  for (const name of ours) {
    await boundLog(join(directory, name)).catch((error: unknown) => {
      if (!isMissing(error)) failed.push(textOf(error));
    });
  }
  if (failed.length === 0) return;
  const message = `console logs that guests fill cannot be emptied: ${failed.join('; ')}. Run the provider as root, or stop and start these machines`;
  throw new MachineError('HostUnfit', message);
}

// Counted in blocks: a QEMU that does not append goes on where it was, behind a hole that takes no room.
async function boundLog(path: string): Promise<void> {
  if ((await stat(path)).blocks * BLOCK > CONSOLE_LOG_BYTES) await truncate(path, 0);
}

/** The end of what a guest printed, fit for a message: printable, on one line. */
export async function consoleTail(path: string): Promise<string> {
  const text = await lastBytes(path).catch(() => '');
  const printable = text.replace(/\p{Cc}+/gu, ' ').trim();
  return printable === '' ? '(nothing)' : printable.slice(-TAIL_CHARS);
}

export async function removeConsoleLog(path: string): Promise<void> {
  await Promise.all(BACKUPS.map((suffix) => rm(path + suffix, { force: true })));
}

/** However long the guest made it. */
async function lastBytes(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const position = Math.max(0, size - TAIL_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(TAIL_BYTES), 0, TAIL_BYTES, position);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

function emptyIfMissing(error: unknown): string[] {
  if (isMissing(error)) return [];
  throw error;
}
