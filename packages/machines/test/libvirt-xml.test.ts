import { describe, expect, it } from 'vitest';
import type { ImageEntry } from '../src/index.ts';
import { domainXml } from '../src/libvirt/domain-xml.ts';
import type { DomainDescription } from '../src/libvirt/domain-xml.ts';
import { filterXml } from '../src/libvirt/filter-xml.ts';
import { parseMetadata } from '../src/libvirt/metadata.ts';
import type { MachineMetadata } from '../src/libvirt/metadata.ts';
import { BRIDGE_PREFIX, containerNames } from '../src/docker/names.ts';
import { leaseOfName } from '../src/names.ts';
import { machineNames } from '../src/libvirt/names.ts';
import { networkXml } from '../src/libvirt/network-xml.ts';
import { DEFAULT_LIMITS } from '../src/libvirt/options.ts';
import { newWarmKey } from '../src/libvirt/warm/warm-key.ts';
import { renderXml, xml } from '../src/libvirt/xml.ts';

const names = machineNames('0xchain', '7', '/state');
const order = {
  leaseId: '7',
  spec: { cpuCores: 3, memoryMib: 1024, diskGib: 20 },
  image: 'tiny',
  sshPublicKeys: ['ssh-ed25519 AAAA it\'s <me> & "you"'],
};
const file = { name: 'f', sha256: '' };
const entry: ImageEntry = {
  name: 'tiny',
  version: '1',
  recipe: 'kernel',
  kernel: file,
  initrd: file,
  commandLine: 'a=1 b="2"',
  loginUser: 'root',
  minMemoryMib: 1,
  minDiskGib: 1,
};
const metadata: MachineMetadata = {
  order,
  now: { spec: order.spec, sshPublicKeys: order.sshPublicKeys, image: entry },
  phase: 'ready',
  wanted: 'running',
  gateway: '10.77.0.1',
  address: '10.77.0.10',
};
const description: DomainDescription = {
  names,
  metadata,
  image: {
    entry,
    kernel: '/images/vmlinuz',
    initrd: '/images/initrd',
    disk: undefined,
  },
  acceleration: 'emulated',
  emulator: '/usr/bin/qemu-system-x86_64',
  limits: DEFAULT_LIMITS,
  hostAddresses: ['203.0.113.5'],
  shapeTraffic: false,
};

describe('XML', () => {
  it('escapes every value', () => {
    const element = xml('a', { b: `<'&">`, c: undefined }, '</a>', undefined, xml('d', {}));
    expect(renderXml(element)).toBe("<a b='&lt;&apos;&amp;&quot;&gt;'>&lt;/a&gt;<d/></a>");
  });

  it.each(['\0', '\u001b', '\ud800', '\uffff'])('refuses characters that it cannot hold', (text) => {
    expect(() => renderXml(xml('a', {}, text))).toThrow(/characters that XML cannot/);
  });
});

describe('a domain', () => {
  it('gets its host key by files, since arguments and definitions are not secret', () => {
    const text = domainXml(description);
    expect(text).toContain(`<entry name='opt/org.hamster/host-key' file='${names.hostKeyFiles.openssh}'/>`);
    expect(text).toContain(
      '<cmdline>a=1 b=&quot;2&quot; hamster.net=10.77.0.10/24,10.77.0.1 hamster.name=hamster-7</cmdline>',
    );
    expect(text).not.toContain('PRIVATE KEY');
  });

  it('that nobody has ordered yet has nobody’s keys and name, and a host key of its own', () => {
    const key = newWarmKey();
    const nobody = { ...order, leaseId: key, sshPublicKeys: [] };
    const own = machineNames('0xchain', key, '/state');
    const text = domainXml({ ...description, names: own, metadata: { ...metadata, order: nobody } });
    expect(text).toContain(' hamster.warm</cmdline>');
    expect(text).not.toMatch(/oemStrings|ssh.authorized_keys|hamster.name/);
    expect(text).toContain(`<entry name='opt/org.hamster/host-key' file='${own.hostKeyFiles.openssh}'/>`);
    expect(text).toContain("name='org.qemu.guest_agent.0'");
  });

  it('is emulated or accelerated, never half of each', () => {
    const emulated = domainXml(description);
    expect(emulated).toMatch(/^<domain type='qemu'>/);
    expect(emulated).toContain("<cpu mode='maximum'>");
    expect(emulated).toContain("cache='unsafe'");
    const accelerated = domainXml({ ...description, acceleration: 'kvm' });
    expect(accelerated).toMatch(/^<domain type='kvm'>/);
    expect(accelerated).toContain("<cpu mode='host-passthrough'>");
    expect(accelerated).toContain("cache='none' io='native'");
    expect(accelerated).not.toContain('unsafe');
  });

  it('has what was ordered', () => {
    const text = domainXml(description);
    expect(text).toContain("<memory unit='MiB'>1024</memory><vcpu placement='static'>3</vcpu>");
    expect(text).toContain(`<source file='/state/disks/${names.domain}.qcow2'/>`);
  });

  it('carries its order and gives it back, however libvirt lays the text out', () => {
    const text = domainXml(description).replace(/(<hamster:machine[^>]*>)([^<]*)/, '$1\n    $2\n  ');
    expect(parseMetadata(text, names.domain)).toEqual(metadata);
    expect(() => parseMetadata('<domain/>', 'x')).toThrow(/no readable record/);
  });

  it('is filtered, with the addresses of its host, unless told otherwise', () => {
    const text = domainXml(description);
    expect(text).toContain("<filterref filter='hamster-guest'>");
    expect(text).toContain("<parameter name='HOSTADDR' value='203.0.113.5'/>");
    expect(domainXml({ ...description, hostAddresses: [] })).toContain(
      "name='HOSTADDR' value='255.255.255.255'",
    );
    expect(domainXml({ ...description, hostAddresses: undefined })).not.toContain('filterref');
  });

  it('shapes traffic where the kernel can', () => {
    expect(domainXml(description)).not.toContain('<bandwidth>');
    expect(domainXml({ ...description, shapeTraffic: true })).toContain("<inbound average='125000'/>");
  });
});

describe('names', () => {
  it('are the same each time, differ between chains and fit the kernel', () => {
    expect(machineNames('0xchain', '7', '/state')).toEqual(names);
    const other = machineNames('0xother', '7', '/state');
    const all = [names, other].flatMap((each) => [
      ...Object.values(each),
      ...Object.values(each.hostKeyFiles),
    ]);
    expect(new Set(all.filter((name) => typeof name === 'string')).size).toBe(22);
    expect(names.bridge.length).toBeLessThanOrEqual(15);
    expect(names.mac).toMatch(/^52:54:00(:[0-9a-f]{2}){3}$/);
    expect(names.uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(leaseOfName('0xchain', names.domain)).toBe('7');
    expect(leaseOfName('0xchain', other.domain)).toBeUndefined();
  });
});

describe('bridges', () => {
  it('of virtual machines are never taken for those of containers, and fit the kernel', () => {
    const leases = Array.from({ length: 500 }, (_, index) => `${index}`);
    const bridges = leases.map((leaseId) => machineNames('0xchain', leaseId, '/state').bridge);
    expect(bridges.filter((bridge) => bridge.startsWith(BRIDGE_PREFIX))).toEqual([]);
    const { bridge } = containerNames('0xchain', '7', '/state');
    expect(bridge.startsWith(BRIDGE_PREFIX)).toBe(true);
    expect(bridge.length).toBeLessThanOrEqual(15);
  });
});

describe('network and filter', () => {
  it('give the one guest the one address', () => {
    const text = networkXml({ ...names, name: 'n', gateway: '10.77.3.1', address: '10.77.3.10' });
    expect(text).toContain(`<host mac='${names.mac}' name='hamster' ip='10.77.3.10'/>`);
    expect(text).toContain("<forward mode='nat'/>");
  });

  it('drop opening packets to the gateway before anything accepts them by layer 3', () => {
    const text = filterXml('');
    expect(text).toContain("<tcp dstipaddr='$GATEWAY' flags='SYN,ACK,RST/SYN'/>");
    expect(text).not.toContain('<all');
  });
});
