import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writePrivateFile } from '@hamster/daemon';
import { blockOf, configText } from './config-text.ts';
import type { NamedEntry } from './config-text.ts';

/** Which lease of which chain a host is. */
export interface KnownHost {
  readonly name: string;
  readonly lease: number;
  /** The first eight hex digits of its chain's genesis hash. */
  readonly chain: string;
}

const NAME = /^hamster-\d+$/;
const ALIAS = /^ {2}HostKeyAlias hamster-([0-9a-f]{8})-(\d+)$/m;
/** Only as long as others write at the same moment does it take another. */
const MOST_ROUNDS = 100;

/** Writes these hosts, removes those of the others that `isOver` says so of, and hands back the file that ssh reads. */
export async function writeHosts(
  home: string,
  entries: readonly NamedEntry[],
  isOver: (host: KnownHost) => Promise<boolean>,
): Promise<string> {
  await adoptEarlier(home);
  for (const entry of entries) await writePrivateFile(fileOf(home, entry.name), blockOf(entry));
  const written = new Set(entries.map(({ name }) => name));
  for (const [name, block] of await blocksIn(home)) {
    if (!written.has(name) && (await isOver(hostOf(name, block))))
      await rm(fileOf(home, name), { force: true });
  }
  return assemble(home);
}

/** Earlier releases kept nothing but the file for ssh: its hosts become files of their own, all at once. */
async function adoptEarlier(home: string): Promise<void> {
  const directory = directoryIn(home);
  if (existsSync(directory)) return;
  const blocks = blocksOf(await readFile(configIn(home), 'utf8').catch(() => ''));
  const adopted = `${directory}.${randomUUID()}`;
  try {
    for (const [name, block] of blocks) await writePrivateFile(join(adopted, name), block);
    if (blocks.size > 0) await rename(adopted, directory);
  } catch (error) {
    await rm(adopted, { recursive: true, force: true }).catch(() => undefined);
    // Who runs at the same moment was first.
    if (!existsSync(directory)) throw error;
  }
}

/**
 * One file for ssh, as not everybody who reads it knows `Include`, from one for each host, which are what is kept. So nothing is read,
 * changed and written back, and who writes at the same moment loses nothing: the last to write looks once more, and finds all there is.
 */
async function assemble(home: string): Promise<string> {
  const path = configIn(home);
  const read = async (): Promise<string> => configText([...(await blocksIn(home)).values()]);
  let text = await read();
  for (let round = 0; round < MOST_ROUNDS; round++) {
    await writePrivateFile(path, text);
    const now = await read();
    if (now === text) break;
    text = now;
  }
  return path;
}

/** What is kept, by name, in the order of the leases. */
async function blocksIn(home: string): Promise<Map<string, string>> {
  const names = (await readdir(directoryIn(home)).catch(() => [])).filter((name) => NAME.test(name));
  names.sort((one, other) => numberOf(one) - numberOf(other));
  const blocks = new Map<string, string>();
  for (const name of names) {
    // One that is just being removed, or cannot be read, is left out.
    const block = await readFile(fileOf(home, name), 'utf8').catch(() => undefined);
    if (block !== undefined) blocks.set(name, block);
  }
  return blocks;
}

function hostOf(name: string, block: string): KnownHost {
  const [, chain = '', lease] = ALIAS.exec(block) ?? [];
  return { name, chain, lease: Number(lease ?? numberOf(name)) };
}

function numberOf(name: string): number {
  return Number(name.slice('hamster-'.length));
}

/** What follows each `Host`, up to the next one. */
function blocksOf(text: string): Map<string, string> {
  const blocks = new Map<string, string>();
  for (const block of text.split(/^(?=Host )/m)) {
    const [, name = ''] = /^Host (\S+)$/m.exec(block) ?? [];
    if (NAME.test(name)) blocks.set(name, `${block.trimEnd()}\n`);
  }
  return blocks;
}

function configIn(home: string): string {
  return join(home, 'ssh', 'config');
}

function directoryIn(home: string): string {
  return join(home, 'ssh', 'hosts');
}

function fileOf(home: string, name: string): string {
  return join(directoryIn(home), name);
}
