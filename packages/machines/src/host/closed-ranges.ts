import { BlockList } from 'node:net';

/** Private, shared, link-local, loopback, multicast and reserved ranges: host, LAN, other tenants, metadata services. */
export const CLOSED_RANGES: readonly (readonly [address: string, bits: number])[] = [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['0.0.0.0', 8],
  ['224.0.0.0', 3],
];

export const SMTP_PORT = 25;

/** Whether an IPv4 address is in one of the closed ranges. */
export function isClosed(address: string): boolean {
  const closed = new BlockList();
  for (const [range, bits] of CLOSED_RANGES) closed.addSubnet(range, bits, 'ipv4');
  return closed.check(address, 'ipv4');
}
