import {
  arp,
  BROADCAST,
  ethernet,
  icmp,
  igmp,
  neighbourAdvertisement,
  neighbourSolicitation,
  routerAdvertisement,
  sentTo,
  snap,
  tagged,
  tcp,
  TYPE,
  u16,
  u8,
  udp,
  udp6,
} from './frame.ts';

/** Who is who on the network of the guest. */
export type Scene = {
  guest: { mac: string; address: string };
  /** The host on the guest's network, and the address that its end of the guest's link has by itself. */
  host: { mac: string; address: string; ipv6: string };
  tapIpv6: string;
  /** Another address of the host, such as that of another bridge, and one by which it is known outside. */
  other: string;
  outside: string;
  /** Ports on which the host waits for what must not come. */
  udpPort: number;
  tcpPort: number;
};

/** What is sent, by the name that is in it. */
export type NamedFrame = {
  name: string;
  frame: Buffer;
  /** Opening segments have none: they are known by their ports. */
  mark?: Buffer;
};

const STRANGER = '52:54:00:99:99:99';
const NEIGHBOUR = 'fe80::5054:ff:fe99:9999';
const OTHER_TYPES: Record<string, number> = {
  LLDP: 0x88cc,
  EAPOL: 0x888e,
  'PPPoE discovery': 0x8863,
  'PPPoE session': 0x8864,
  MPLS: 0x8847,
  MACsec: 0x88e5,
  PTP: 0x88f7,
  RARP: 0x8035,
  'wake on LAN': 0x0842,
  loopback: 0x9000,
  'an experimental type': 0x88b5,
};
const tag = (id: number, type: number = TYPE.vlan): { type: number; id: number } => ({ type, id });
const TAGS: Record<string, readonly { type: number; id: number }[]> = {
  'VLAN 0': [tag(0)],
  'VLAN 1': [tag(1)],
  'VLAN 0 of a provider': [tag(0, TYPE.providerVlan)],
  'VLAN 0 in VLAN 0': [tag(0), tag(0)],
  'VLAN 0 in one of a provider': [tag(0, TYPE.providerVlan), tag(0)],
  'VLAN 7 in VLAN 0': [tag(0), tag(7)],
  'VLAN of an old type': [tag(0, 0x9100)],
};
/** Bridges leave these to the host or drop them, without asking their own filters. */
const LINK_LOCAL = Array.from({ length: 16 }, (_, last) => `01:80:c2:00:00:0${last.toString(16)}`);
const FLAGS = { SYN: 2, 'SYN and FIN': 3, 'SYN, ECE and CWR': 0xc2, 'SYN, PSH and URG': 0x2a };

export class HostileFrames {
  readonly #scene: Scene;
  readonly #frames: NamedFrame[] = [];
  /** Source ports of opening segments, by which an answer to one is known. */
  readonly tcpPorts = new Map<number, string>();

  constructor(scene: Scene) {
    this.#scene = scene;
    this.#tags();
    this.#types();
    this.#linkLocal();
    this.#addressResolution();
    this.#ipv6();
    this.#dhcp();
    this.#hostAddresses();
    this.#segments();
  }

  get all(): readonly NamedFrame[] {
    return this.#frames;
  }

  #add(name: string, build: (content: Buffer) => Buffer): void {
    // In the padding where there is no place for contents.
    const mark = Buffer.from(markOf(this.#frames.length));
    const frame = build(mark);
    this.#frames.push({ name, mark, frame: frame.includes(mark) ? frame : Buffer.concat([frame, mark]) });
  }

  #datagram(
    to: string,
    content: Buffer,
    { port = this.#scene.udpPort, from = this.#scene.guest.address } = {},
  ): Buffer {
    return udp({ from, to }, [4096, port], content);
  }

  #fromGuest(type: number, ...content: Buffer[]): Buffer {
    return ethernet(this.#scene.host.mac, this.#scene.guest.mac, type, ...content);
  }

  #claim(address: string, card = this.#scene.guest.mac, operation = 2): Buffer {
    return arp({ operation, from: [card, address], to: [BROADCAST, address] });
  }

  #tags(): void {
    const { host, outside, guest } = this.#scene;
    for (const [name, tags] of Object.entries(TAGS)) {
      this.#add(`${name}: a datagram to the host`, (mark) =>
        tagged(this.#fromGuest(TYPE.ipv4, this.#datagram(host.address, mark)), ...tags),
      );
      this.#add(`${name}: a datagram to the outside`, (mark) =>
        tagged(this.#fromGuest(TYPE.ipv4, this.#datagram(outside, mark)), ...tags),
      );
      this.#add(`${name}: the gateway's address`, () =>
        tagged(ethernet(BROADCAST, guest.mac, TYPE.arp, this.#claim(host.address)), ...tags),
      );
      this.#add(`${name}: a router`, () => tagged(this.#router('33:33:00:00:00:01'), ...tags));
    }
  }

  #router(to: string): Buffer {
    const { mac } = this.#scene.guest;
    return ethernet(to, mac, TYPE.ipv6, routerAdvertisement(NEIGHBOUR, mac, '2001:db8:77::'));
  }

  #types(): void {
    const { host, guest } = this.#scene;
    for (const [name, type] of Object.entries(OTHER_TYPES))
      this.#add(name, (mark) => this.#fromGuest(type, mark));
    this.#add('SNAP: a datagram', (mark) =>
      snap(this.#fromGuest(TYPE.ipv4, this.#datagram(host.address, mark))),
    );
    this.#add('SNAP: the gateway’s address', () =>
      snap(this.#fromGuest(TYPE.arp, this.#claim(host.address))),
    );
    this.#add('LLC', (mark) => this.#fromGuest(3 + mark.length, u8(0x42, 0x42, 3), mark));
    this.#add('spanning tree', (mark) =>
      ethernet('01:80:c2:00:00:00', guest.mac, 38, u8(0x42, 0x42, 3), Buffer.alloc(35), mark),
    );
  }

  #linkLocal(): void {
    const { host, other, tapIpv6, guest, udpPort } = this.#scene;
    for (const to of LINK_LOCAL) {
      const send = (name: string, type: number, build: (mark: Buffer) => Buffer): void =>
        this.#add(`to ${to}: ${name}`, (mark) => ethernet(to, guest.mac, type, build(mark)));
      send('a datagram to the host', TYPE.ipv4, (mark) => this.#datagram(host.address, mark));
      send('a datagram to another bridge', TYPE.ipv4, (mark) => this.#datagram(other, mark));
      send('a question for a card', TYPE.arp, () =>
        arp({ operation: 1, from: [guest.mac, guest.address], to: [BROADCAST, other] }),
      );
      send('IPv6', TYPE.ipv6, (mark) => udp6({ from: NEIGHBOUR, to: tapIpv6 }, [4096, udpPort], mark));
      send('LLDP', 0x88cc, (mark) => mark);
      this.#add(`to ${to}: a router`, () => this.#router(to));
    }
  }

  #addressResolution(): void {
    const { host, guest, outside, other } = this.#scene;
    const send = (name: string, content: Buffer, to = BROADCAST): void =>
      this.#add(`ARP: ${name}`, () => ethernet(to, guest.mac, TYPE.arp, content));
    send('the gateway is here, as an answer', this.#claim(host.address));
    send('the gateway is here, as a question', this.#claim(host.address, guest.mac, 1));
    send('the gateway is here, to the host', this.#claim(host.address), host.mac);
    send('another address is here', this.#claim(guest.address.replace(/\d+$/, '77')));
    send('an address of the outside is here', this.#claim(outside));
    send('an address of another bridge is here', this.#claim(other));
    send('the own address is on another card', this.#claim(guest.address, STRANGER));
    send('nobody asks', arp({ operation: 1, from: [guest.mac, '0.0.0.0'], to: [BROADCAST, other] }));
    send(
      'who asks in reverse',
      arp({ operation: 3, from: [guest.mac, host.address], to: [guest.mac, '0.0.0.0'] }),
    );
  }

  #ipv6(): void {
    const { host, guest, udpPort } = this.#scene;
    const send = (name: string, to: string, content: (mark: Buffer) => Buffer): void =>
      this.#add(`IPv6: ${name}`, (mark) => ethernet(to, guest.mac, TYPE.ipv6, content(mark)));
    this.#add('IPv6: a router', () => this.#router('33:33:00:00:00:01'));
    this.#add('IPv6: a router, to the host', () => this.#router(host.mac));
    send('a datagram', host.mac, (mark) => udp6({ from: NEIGHBOUR, to: host.ipv6 }, [4096, udpPort], mark));
    send('a lease', host.mac, (mark) => udp6({ from: NEIGHBOUR, to: host.ipv6 }, [547, 546], mark));
    send('names in the neighbourhood', '33:33:00:00:00:fb', (mark) =>
      udp6({ from: NEIGHBOUR, to: 'ff02::fb' }, [5353, 5353], mark),
    );
    send('the host is here', '33:33:00:00:00:01', () =>
      neighbourAdvertisement(host.ipv6, 'ff02::1', guest.mac),
    );
    send('another is here', '33:33:00:00:00:01', () =>
      neighbourAdvertisement(NEIGHBOUR, 'ff02::1', guest.mac),
    );
    send('who is the host', host.mac, () =>
      neighbourSolicitation({ from: NEIGHBOUR, to: host.ipv6 }, host.ipv6, guest.mac),
    );
    this.#add('IPv4 in a frame of IPv6', (mark) =>
      this.#fromGuest(TYPE.ipv6, this.#datagram(host.address, mark)),
    );
  }

  #dhcp(): void {
    const { host, guest, other, outside } = this.#scene;
    const send = (name: string, from: string, to: string, ports: [number, number], card = BROADCAST): void =>
      this.#add(`DHCP: ${name}`, (mark) =>
        ethernet(card, guest.mac, TYPE.ipv4, udp({ from, to }, ports, mark)),
      );
    send('a server', guest.address, '255.255.255.255', [67, 68]);
    send('a server in the name of the gateway', host.address, '255.255.255.255', [67, 68]);
    send('an answer to the host', guest.address, host.address, [67, 68], host.mac);
    send('a question for another bridge', guest.address, other, [68, 67], host.mac);
    send('a question for the outside', guest.address, outside, [68, 67], host.mac);
    send('a question of nobody for another bridge', '0.0.0.0', other, [68, 67], host.mac);
    send('a question for the LAN', guest.address, '10.1.2.3', [68, 67], host.mac);
  }

  #hostAddresses(): void {
    const { host, guest, other, outside } = this.#scene;
    const network = guest.address.replace(/\d+$/, '');
    const send = (name: string, content: (mark: Buffer) => Buffer, card = host.mac): void =>
      this.#add(name, (mark) => ethernet(card, guest.mac, TYPE.ipv4, content(mark)));
    for (const to of [
      host.address,
      other,
      outside,
      '127.0.0.1',
      '169.254.169.254',
      '0.0.0.0',
      '224.0.0.1',
      '224.0.0.251',
    ])
      send(`a datagram to ${to}`, (mark) => this.#datagram(to, mark));
    for (const to of ['239.255.255.250', '255.255.255.255', `${network}255`])
      send(`a datagram to all of ${to}`, (mark) => this.#datagram(to, mark), BROADCAST);
    for (const from of [host.address, other, '127.0.0.1', `${network}77`, '0.0.0.0', '8.8.8.8'])
      send(`a datagram in the name of ${from}`, (mark) => this.#datagram('198.51.100.7', mark, { from }));
    send(
      'a datagram to the host in a frame for all',
      (mark) => this.#datagram(host.address, mark),
      BROADCAST,
    );
    send('an echo', (mark) => icmp({ from: guest.address, to: host.address }, 8, mark));
    send('a redirect', (mark) => icmp({ from: guest.address, to: host.address }, 5, mark));
    send('who joins a group', () => igmp({ from: guest.address, to: '224.0.0.22' }, '239.1.2.3'));
    // Loose source route by the other bridge, record route, router alert.
    const route = u8(0x83, 7, 4, ...other.split('.').map(Number), 0);
    send('a route of its own', (mark) =>
      udp({ from: guest.address, to: host.address, options: route }, [4096, 53000], mark),
    );
    const alert = Buffer.concat([u8(0x94, 4), u16(0)]);
    send('an alert', (mark) =>
      udp({ from: guest.address, to: host.address, options: alert }, [4096, 53000], mark),
    );
    send('a fragment in the middle', (mark) =>
      udp({ from: guest.address, to: host.address, offset: 1480 }, [4096, 53], mark),
    );
    send('another card', (mark) => this.#datagram(host.address, mark));
    this.#add('from another card', (mark) =>
      ethernet(host.mac, STRANGER, TYPE.ipv4, this.#datagram('198.51.100.7', mark)),
    );
    this.#add('from the card of the host', (mark) =>
      ethernet(BROADCAST, host.mac, TYPE.ipv4, this.#datagram('198.51.100.7', mark)),
    );
  }

  #segments(): void {
    const { host, guest, tcpPort } = this.#scene;
    let port = 20_000;
    const send = (
      name: string,
      flags: number,
      change: (frame: Buffer) => Buffer = (frame) => frame,
      cut?: number,
    ): void => {
      port += 1;
      this.tcpPorts.set(port, name);
      const parts = tcp({ from: guest.address, to: host.address }, [port, tcpPort], flags, cut);
      for (const part of parts) this.#frames.push({ name, frame: change(this.#fromGuest(TYPE.ipv4, part)) });
    };
    for (const [name, flags] of Object.entries(FLAGS)) send(`a segment with ${name}`, flags);
    for (const [name, tags] of Object.entries(TAGS))
      send(`${name}: a connection`, FLAGS.SYN, (frame) => tagged(frame, ...tags));
    send('a connection in two fragments', FLAGS.SYN, undefined, 8);
    send('a connection in two later fragments', FLAGS.SYN, undefined, 16);
    for (const to of LINK_LOCAL) send(`to ${to}: a connection`, FLAGS.SYN, (frame) => sentTo(to, frame));
  }
}

/** Ten bytes that are in no other frame. */
function markOf(index: number): string {
  return `mark-${`${index}`.padStart(5, '0')}`;
}

/** Whether a frame that was seen is this one. The host cuts off what is behind the end of a packet, and tags. */
export function isOf({ frame, mark }: NamedFrame, seen: Buffer): boolean {
  if (mark === undefined) return false;
  return seen.includes(mark) || (seen.length > 34 && frame.subarray(0, seen.length).equals(seen));
}
