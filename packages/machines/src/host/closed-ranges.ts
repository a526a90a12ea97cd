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
