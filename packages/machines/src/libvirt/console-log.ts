import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

const TAIL_CHARS = 300;
/** virtlogd keeps up to three older files, numbered. */
const BACKUPS = ['', '.0', '.1', '.2'];

/** Others may pass through these directories, as the hypervisor must, but not look into them. */
export async function prepareDirectories(stateDir: string): Promise<void> {
  for (const name of ['disks', 'consoles']) {
    await mkdir(join(stateDir, name), { recursive: true, mode: 0o711 });
  }
}

/** The end of what a guest printed, fit for a message: printable, on one line. */
export async function consoleTail(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const printable = text.replace(/\p{Cc}+/gu, ' ').trim();
  return printable === '' ? '(nothing)' : printable.slice(-TAIL_CHARS);
}

export async function removeConsoleLog(path: string): Promise<void> {
  await Promise.all(BACKUPS.map((suffix) => rm(path + suffix, { force: true })));
}
