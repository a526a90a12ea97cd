import { readFile } from 'node:fs/promises';
import os from 'node:os';
import { MachineError } from '../errors.ts';

/** A range of IPv4 addresses as numbers, both ends included. */
export type Range = { first: number; last: number };
export type Subnet = { gateway: string; address: string };

const SUBNET_SIZE = 256;
const GUEST = 10;

/** The first /24 of `pools` that overlaps nothing taken. Throws `InsufficientCapacity`. */
export function chooseSubnet(pools: readonly string[], taken: readonly Range[]): Subnet {
  for (const pool of pools.map(parseCidr)) {
    for (let first = pool.first; first < pool.last; first += SUBNET_SIZE) {
      const candidate = { first, last: first + SUBNET_SIZE - 1 };
      if (taken.some((range) => overlap(range, candidate))) continue;
      return { gateway: formatAddress(first + 1), address: formatAddress(first + GUEST) };
    }
  }
  throw new MachineError('InsufficientCapacity', `no free /24 is left in ${pools.join(', ')}`);
}

/** What the host's own interfaces and routes take. */
export async function hostRanges(): Promise<Range[]> {
  return [...interfaceRanges(), ...parseRoutes(await readFile('/proc/net/route', 'latin1').catch(() => ''))];
}

/** "10.77.3.9/16" → the whole of 10.77.0.0 to 10.77.255.255 */
export function parseCidr(cidr: string): Range {
  const [address = '', bits = '32'] = cidr.split('/');
  const size = 2 ** (32 - Number(bits));
  const first = Math.floor(parseAddress(address) / size) * size;
  return { first, last: first + size - 1 };
}

/** The kernel writes destination and mask as little-endian hex. The default route takes nothing. */
export function parseRoutes(table: string): Range[] {
  return table.split('\n').flatMap((line) => {
    const [, destination, , , , , , mask] = line.split('\t');
    if (destination === undefined || mask === undefined || !/^[0-9A-F]{8}$/.test(mask)) return [];
    const size = 2 ** 32 - littleEndian(mask);
    const first = littleEndian(destination);
    return littleEndian(mask) === 0 ? [] : [{ first, last: first + size - 1 }];
  });
}

function interfaceRanges(): Range[] {
  const addresses = Object.values(os.networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.flatMap(({ family, cidr }) => (family === 'IPv4' && cidr ? [parseCidr(cidr)] : []));
}

function overlap(a: Range, b: Range): boolean {
  return a.first <= b.last && b.first <= a.last;
}

export function parseAddress(text: string): number {
  return text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function formatAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

function littleEndian(hex: string): number {
  return Buffer.from(hex, 'hex').readUInt32LE(0);
}
