import { readdir, readFile, readlink } from 'node:fs/promises';

/** A TCP socket that waits for connections. */
export type Listener = { address: string; family: 4 | 6; port: number; inode: string };

const LISTENS = '0A';
const V4_MAPPED = '0000000000000000FFFF0000';

/** All TCP sockets of this network namespace that wait for connections. */
export async function allListeners(): Promise<Listener[]> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'latin1').catch(() => '')),
  );
  return tables.flatMap((table) => table.split('\n').slice(1).flatMap(parseLine));
}

/** Inodes of the sockets that these processes hold. A process of another account, or one that has ended, holds none. */
export async function socketsOf(pids: Iterable<number>): Promise<Set<string>> {
  const found = await Promise.all([...pids].map(socketsOfOne));
  return new Set(found.flat());
}

async function socketsOfOne(pid: number): Promise<string[]> {
  const names = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const targets = await Promise.all(names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => '')));
  return targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []);
}

function parseLine(line: string): Listener[] {
  const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
  const [hex = '', port = ''] = local.split(':');
  if (state !== LISTENS || inode === undefined) return [];
  const v4 = hex.length === 8 ? hex : hex.startsWith(V4_MAPPED) ? hex.slice(-8) : undefined;
  const address = v4 === undefined ? ipv6(hex) : ipv4(v4);
  return [{ address, family: v4 === undefined ? 6 : 4, port: Number.parseInt(port, 16), inode }];
}

// The kernel writes words of four bytes as the processor has them in memory; ours are all little-endian.
function ipv4(hex: string): string {
  return Buffer.from(hex, 'hex').reverse().join('.');
}

function ipv6(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.map((word) => Buffer.from(word, 'hex').reverse().toString('hex')).join('');
  return (bytes.match(/.{4}/g) ?? []).join(':');
}
