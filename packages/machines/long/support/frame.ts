/** Builds frames field by field, as no honest system would send them. Addresses are texts, contents bytes. */

export const BROADCAST = 'ff:ff:ff:ff:ff:ff';
const ETHERNET_MIN = 60;
/** So short a life that nothing leaves this host, should it pass. */
const TTL = 1;

export const TYPE = { ipv4: 0x0800, arp: 0x0806, vlan: 0x8100, ipv6: 0x86dd, providerVlan: 0x88a8 } as const;
const PROTOCOL = { icmp: 1, igmp: 2, tcp: 6, udp: 17, icmpv6: 58 } as const;

export const u8 = (...values: number[]): Buffer => Buffer.from(values);
export const u16 = (...values: number[]): Buffer =>
  Buffer.concat(values.map((value) => u8(value >> 8, value & 255)));
export const u32 = (value: number): Buffer => u16(Math.floor(value / 65536), value % 65536);
const mac = (text: string): Buffer => Buffer.from(text.replaceAll(':', ''), 'hex');
const ip4 = (text: string): Buffer => u8(...text.split('.').map(Number));
const join = (...parts: Buffer[]): Buffer => Buffer.concat(parts);

export function ethernet(to: string, from: string, type: number, ...content: Buffer[]): Buffer {
  const frame = join(mac(to), mac(from), u16(type), ...content);
  return frame.length < ETHERNET_MIN ? join(frame, Buffer.alloc(ETHERNET_MIN - frame.length)) : frame;
}

/** The same to another card. */
export function sentTo(to: string, frame: Buffer): Buffer {
  return join(mac(to), frame.subarray(6));
}

/** The same with tags between the addresses and what it carries. */
export function tagged(frame: Buffer, ...tags: readonly { type: number; id: number }[]): Buffer {
  return join(frame.subarray(0, 12), ...tags.map(({ type, id }) => u16(type, id)), frame.subarray(12));
}

/** The same with a length in place of the type, which follows in a header of its own (IEEE 802.2, SNAP). */
export function snap(frame: Buffer): Buffer {
  const content = join(u8(0xaa, 0xaa, 3, 0, 0, 0), frame.subarray(12));
  return join(frame.subarray(0, 12), u16(content.length), content);
}

type Ipv4 = {
  from: string;
  to: string;
  options?: Buffer;
  /** Offset in bytes, and whether more follows. */
  offset?: number;
  more?: boolean;
};

function ipv4(
  { from, to, options = u8(), offset = 0, more = false }: Ipv4,
  protocol: number,
  content: Buffer,
): Buffer {
  const words = 5 + options.length / 4;
  const flags = (more ? 0x2000 : 0) + offset / 8;
  const start = join(u8(0x40 + words, 0), u16(words * 4 + content.length, 0x4841, flags), u8(TTL, protocol));
  const end = join(ip4(from), ip4(to), options);
  return join(start, checksum(join(start, u16(0), end)), end, content);
}

export function udp(head: Ipv4, [fromPort, toPort]: [number, number], content: Buffer): Buffer {
  // No checksum, which IPv4 allows.
  return ipv4(head, PROTOCOL.udp, join(u16(fromPort, toPort, 8 + content.length, 0), content));
}

export function icmp(head: Ipv4, type: number, content: Buffer): Buffer {
  const rest = join(u32(0), content);
  return ipv4(head, PROTOCOL.icmp, join(u8(type, 0), checksum(join(u8(type, 0), u16(0), rest)), rest));
}

export function igmp(head: Ipv4, group: string): Buffer {
  const report = join(u8(0x16, 0), u16(0), ip4(group));
  return ipv4(head, PROTOCOL.igmp, join(u8(0x16, 0), checksum(report), ip4(group)));
}

/** An opening segment; `cut` sends it in two fragments of which the first holds so many bytes. */
export function tcp(head: Ipv4, [fromPort, toPort]: [number, number], flags: number, cut?: number): Buffer[] {
  const segment = (sum: Buffer): Buffer =>
    join(u16(fromPort, toPort), u32(0x68616d73), u32(0), u8(0x50, flags), u16(8192), sum, u16(0));
  const pseudo = join(ip4(head.from), ip4(head.to), u8(0, PROTOCOL.tcp), u16(20));
  const whole = segment(checksum(join(pseudo, segment(u16(0)))));
  if (cut === undefined) return [ipv4(head, PROTOCOL.tcp, whole)];
  return [
    ipv4({ ...head, more: true }, PROTOCOL.tcp, whole.subarray(0, cut)),
    ipv4({ ...head, offset: cut }, PROTOCOL.tcp, whole.subarray(cut)),
  ];
}

type Arp = { operation: number; from: [mac: string, address: string]; to: [mac: string, address: string] };

export function arp({ operation, from, to }: Arp): Buffer {
  return join(
    u16(1, TYPE.ipv4),
    u8(6, 4),
    u16(operation),
    ...[from, to].flatMap(([card, at]) => [mac(card), ip4(at)]),
  );
}

type Ipv6 = { from: string; to: string };

function ip6(text: string): Buffer {
  const [head = '', tail = ''] = text.split('::');
  const groups = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((each) => Number.parseInt(each, 16));
  const [before, after] = [groups(head), groups(tail)];
  return u16(...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after);
}

function ipv6({ from, to }: Ipv6, protocol: number, content: Buffer): Buffer {
  return join(u32(0x60000000), u16(content.length), u8(protocol, 255), ip6(from), ip6(to), content);
}

const pseudo6 = ({ from, to }: Ipv6, protocol: number, length: number): Buffer =>
  join(ip6(from), ip6(to), u32(length), u32(protocol));

export function udp6(head: Ipv6, [fromPort, toPort]: [number, number], content: Buffer): Buffer {
  const datagram = (sum: Buffer): Buffer => join(u16(fromPort, toPort, 8 + content.length), sum, content);
  const covered = join(pseudo6(head, PROTOCOL.udp, 8 + content.length), datagram(u16(0)));
  return ipv6(head, PROTOCOL.udp, datagram(checksum(covered)));
}

export function icmp6(head: Ipv6, type: number, content: Buffer): Buffer {
  const covered = join(pseudo6(head, PROTOCOL.icmpv6, 4 + content.length), u8(type, 0), u16(0), content);
  return ipv6(head, PROTOCOL.icmpv6, join(u8(type, 0), checksum(covered), content));
}

/** "I am a router, and this is your prefix", with which hosts make themselves addresses and a route. */
export function routerAdvertisement(from: string, card: string, prefix: string): Buffer {
  const flags = join(u8(64, 0), u16(1800), u32(0), u32(0));
  const own = join(u8(1, 1), mac(card));
  const offered = join(u8(3, 4, 64, 0xc0), u32(86400), u32(14400), u32(0), ip6(prefix));
  return icmp6({ from, to: 'ff02::1' }, 134, join(flags, own, offered));
}

/** "This address is on that card." */
export function neighbourAdvertisement(from: string, to: string, card: string): Buffer {
  return icmp6({ from, to }, 136, join(u32(0x20000000), ip6(from), u8(2, 1), mac(card)));
}

export function neighbourSolicitation(head: Ipv6, target: string, card: string): Buffer {
  return icmp6(head, 135, join(u32(0), ip6(target), u8(1, 1), mac(card)));
}

/** That of the internet (RFC 1071). */
function checksum(covered: Buffer): Buffer {
  const even = covered.length % 2 === 0 ? covered : join(covered, u8(0));
  let sum = 0;
  for (let at = 0; at < even.length; at += 2) sum += even.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 65536);
  return u16(~sum & 0xffff);
}
