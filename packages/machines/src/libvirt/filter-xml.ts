import { CLOSED_RANGES, SMTP_PORT } from '../host/closed-ranges.ts';
import { renderXml, xml } from './xml.ts';
import type { XmlElement } from './xml.ts';

export const FILTER_NAME = 'hamster-guest';

const EVERYBODY = '255.255.255.255';
const NOBODY = '0.0.0.0';

/**
 * What a guest may send. The variables come from its interface: IP (its own address), GATEWAY (the host on its
 * network), HOSTADDR (each other address of the host).
 *
 * All but one rule are of layer 2 and know no connections, so answers to the host pass like any TCP packet to the
 * gateway. The layer 3 rule takes opening packets out of these: without it a guest could reach every port of the host
 * through the gateway's address. What comes before all of these rules, closeLinks closes. It works on bridges only with net.bridge.bridge-nf-call-iptables=1. A layer 3 rule
 * that drops all, at the end, would also drop what layer 2 accepted.
 */
export function filterXml(uuid: string): string {
  const drops = CLOSED_RANGES.map(([address, bits], index) =>
    rule('drop', 'out', -390 + index, xml('ip', { dstipaddr: address, dstipmask: bits })),
  );
  return renderXml(
    xml(
      'filter',
      { name: FILTER_NAME, chain: 'root' },
      xml('uuid', {}, uuid),
      xml('filterref', { filter: 'no-mac-spoofing' }),
      xml('filterref', { filter: 'no-ip-spoofing' }),
      xml('filterref', { filter: 'no-arp-spoofing' }),
      rule('accept', 'in', -500, xml('mac', { protocolid: 'arp' })),
      // The host would answer for each address that it has anywhere, and so tell them.
      rule('accept', 'out', -500, xml('arp', { arpdstipaddr: '$GATEWAY' })),
      // To its own network alone: anywhere else it would be a datagram like others, which no range is closed to.
      rule('accept', 'out', -402, dhcp({ dstipaddr: EVERYBODY })),
      rule('accept', 'out', -401, dhcp({ dstipaddr: '$GATEWAY' })),
      rule('accept', 'out', -399, toGateway({ protocol: 'udp', dstportstart: 53 })),
      rule('accept', 'out', -398, toGateway({ protocol: 'tcp' })),
      rule('drop', 'out', 100, xml('tcp', { dstipaddr: '$GATEWAY', flags: 'SYN,ACK,RST/SYN' })),
      ...drops,
      rule('drop', 'out', -380, xml('ip', { protocol: 'tcp', dstportstart: SMTP_PORT })),
      rule('drop', 'out', -379, xml('ip', { dstipaddr: '$HOSTADDR' })),
      rule('drop', 'out', -378, xml('ip', { srcipaddr: NOBODY })),
      rule('accept', 'inout', -300, xml('mac', { protocolid: 'ipv4' })),
      // Neither IPv6 nor VLANs nor anything else.
      xml('filterref', { filter: 'no-other-l2-traffic' }),
    ),
  );
}

function dhcp(match: Record<string, string | number>): XmlElement {
  return xml('ip', { ...match, protocol: 'udp', srcportstart: 68, dstportstart: 67 });
}

function toGateway(match: Record<string, string | number>): XmlElement {
  return xml('ip', { dstipaddr: '$GATEWAY', ...match });
}

function rule(action: string, direction: string, priority: number, match: XmlElement): XmlElement {
  return xml('rule', { action, direction, priority }, match);
}
