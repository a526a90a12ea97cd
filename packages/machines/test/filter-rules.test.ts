import { describe, expect, it } from 'vitest';
import { tapsOf } from '../src/libvirt/close-link.ts';
import { FilterRules } from '../src/libvirt/filter-rules.ts';

const BRIDGE = `Bridge table: nat

Bridge chain: PREROUTING, entries: 1, policy: ACCEPT
-i vnet2 -j libvirt-I-vnet2

Bridge chain: I-vnet2-mac, entries: 2, policy: RETURN
-s 52:54:00:d9:3a:4e -j RETURN
-j DROP

Bridge chain: I-vnet2-arp-ip, entries: 2, policy: RETURN
-p ARP --arp-ip-src 10.77.1.10 -j RETURN
-j DROP

Bridge chain: libvirt-I-vnet2, entries: 4, policy: RETURN
-j I-vnet2-mac
-p ARP -j I-vnet2-arp-ip
-p IPv4 -j ACCEPT
-j DROP
`;
const HOST = `-P INPUT ACCEPT
-A INPUT -j libvirt-host-in
-A HI-vnet2 -d 10.77.1.1/32 -p tcp -m tcp --tcp-flags SYN,RST,ACK SYN -j DROP
-A libvirt-host-in -m physdev --physdev-in vnet2 -g HI-vnet2
`;

const without = (text: string, line: string): string => text.replace(`${line}\n`, '');

describe("the kernel's rules", () => {
  it('hold a link when all are there', () => {
    expect(new FilterRules(BRIDGE, HOST).hold('vnet2')).toBe(true);
    expect(new FilterRules(BRIDGE, HOST).hold('vnet22')).toBe(false);
    expect(new FilterRules('', '').hold('vnet2')).toBe(false);
  });

  it.each([
    '-i vnet2 -j libvirt-I-vnet2',
    '-s 52:54:00:d9:3a:4e -j RETURN\n-j DROP',
    '-p ARP --arp-ip-src 10.77.1.10 -j RETURN\n-j DROP',
    '-p IPv4 -j ACCEPT\n-j DROP',
  ])('do not hold it without %j on its bridge', (line) => {
    expect(BRIDGE).toContain(line);
    expect(new FilterRules(without(BRIDGE, line), HOST).hold('vnet2')).toBe(false);
  });

  it.each(HOST.split('\n').slice(1, 4))('do not hold it without %j', (line) => {
    expect(new FilterRules(BRIDGE, without(HOST, line)).hold('vnet2')).toBe(false);
  });
});

it('the links of a domain are those of its interfaces, not its disks', () => {
  const text = `<disk><target dev='vda' bus='virtio'/></disk>
    <interface type='network'><mac address='52:54:00:00:00:01'/><target dev='vnet7'/></interface>
    <interface type='network'><source network='x'/></interface><disk><target dev='vdb'/></disk>`;
  expect(tapsOf(text)).toEqual(['vnet7']);
});
