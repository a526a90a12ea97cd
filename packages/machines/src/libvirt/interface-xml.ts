import { FILTER_NAME } from './filter-xml.ts';
import type { DomainDescription } from './domain-xml.ts';
import { xml } from './xml.ts';
import type { XmlElement } from './xml.ts';

/** Multicast would be dropped: a value for hosts that have no address but private ones, which are dropped anyway. */
const NO_ADDRESS = '255.255.255.255';

/** While it is not up, QEMU drops all that goes in or out; "pulled" has no filter either. */
export type Link = 'up' | 'down' | 'pulled';

/** The machine's link to its network. */
export function networkInterface(domain: DomainDescription, link: Link): XmlElement {
  const { names, limits, shapeTraffic } = domain;
  const average = Math.round((limits.networkMbit * 1000) / 8);
  return xml(
    'interface',
    { type: 'network' },
    xml('mac', { address: names.mac }),
    xml('source', { network: names.network }),
    xml('model', { type: 'virtio' }),
    link === 'pulled' ? undefined : filterReference(domain),
    shapeTraffic
      ? xml('bandwidth', {}, xml('inbound', { average }), xml('outbound', { average }))
      : undefined,
    xml('link', { state: link === 'up' ? 'up' : 'down' }),
    xml('rom', { enabled: 'no' }),
  );
}

function filterReference({ metadata, hostAddresses }: DomainDescription): XmlElement | undefined {
  if (hostAddresses === undefined) return undefined;
  const parameter = (name: string, value: string): XmlElement => xml('parameter', { name, value });
  const closed = hostAddresses.length === 0 ? [NO_ADDRESS] : hostAddresses;
  return xml(
    'filterref',
    { filter: FILTER_NAME },
    parameter('IP', metadata.address),
    parameter('GATEWAY', metadata.gateway),
    ...closed.map((address) => parameter('HOSTADDR', address)),
  );
}
