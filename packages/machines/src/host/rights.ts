import { readFile } from 'node:fs/promises';

/** CAP_NET_ADMIN's bit in a set of capabilities. */
const NET_ADMIN = 12n;

/** Whether this process may change the links of its host, as virtual machines need it to. */
export async function mayChangeLinks(): Promise<boolean> {
  const status = await readFile('/proc/self/status', 'latin1').catch(() => '');
  const held = /^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0';
  return ((BigInt(`0x${held}`) >> NET_ADMIN) & 1n) === 1n;
}
