import { renderXml, xml } from './xml.ts';

export type NetworkDescription = {
  name: string;
  uuid: string;
  bridge: string;
  mac: string;
  gateway: string;
  address: string;
};

/**
 * A NAT network with one guest, whose address is fixed: the daemon need not ask for leases, and dnsmasq answers known
 * guests at once but pings an address for three seconds before it gives it to a stranger.
 */
export function networkXml(network: NetworkDescription): string {
  const { name, uuid, bridge, mac, gateway, address } = network;
  return renderXml(
    xml(
      'network',
      {},
      xml('name', {}, name),
      xml('uuid', {}, uuid),
      xml('forward', { mode: 'nat' }),
      xml('bridge', { name: bridge, stp: 'off', delay: 0 }),
      // A guest whose address is fixed asks for no lease, by which dnsmasq would know its name.
      xml('dns', {}, xml('host', { ip: address }, xml('hostname', {}, 'hamster'))),
      xml(
        'ip',
        { address: gateway, netmask: '255.255.255.0' },
        xml(
          'dhcp',
          {},
          xml('range', { start: address, end: address }),
          xml('host', { mac, name: 'hamster', ip: address }),
        ),
      ),
    ),
  );
}
