import type { MachineSpec } from '../driver.ts';
import type { Located } from '../images/catalogue.ts';
import type { MachineImage } from '../images/entry.ts';
import { hostNameOf } from '../names.ts';
import { metadataElement } from './metadata.ts';
import type { MachineMetadata } from './metadata.ts';
import type { MachineNames } from './names.ts';
import type { MachineLimits } from './options.ts';
import { credentialStrings } from './credentials.ts';
import { networkInterface } from './interface-xml.ts';
import { isUnclaimed } from './warm/warm-key.ts';
import { renderXml, xml } from './xml.ts';
import type { XmlElement } from './xml.ts';

export type Acceleration = 'kvm' | 'emulated';

export type DomainDescription = {
  names: MachineNames;
  metadata: MachineMetadata;
  image: Located<MachineImage>;
  acceleration: Acceleration;
  emulator: string;
  limits: MachineLimits;
  /** Public addresses of the host, which the guest may not reach; undefined leaves the filter out altogether. */
  hostAddresses: readonly string[] | undefined;
  /** Whether the host's kernel can shape traffic. */
  shapeTraffic: boolean;
};

/** Linux's period of CPU bandwidth control, in µs; a quota of the same is one whole CPU. */
const CPU_PERIOD = 100_000;
/** Its interrupts are simple: the older machine's cost an emulated guest most of a second at each boot. */
const MACHINE = 'q35';
const SUBNET_BITS = 24;
/** Where images of ours look in QEMU's firmware interface, and for what on the kernel's command line. */
const FIRMWARE_ENTRY = 'opt/org.hamster';
const WARM_PARAMETER = 'hamster.warm';
const NAME_PARAMETER = 'hamster.name';
/** The port's name by which QEMU's guest agent knows it. */
const AGENT_PORT = 'org.qemu.guest_agent.0';

/** The definition; with its link pulled, the machine has no filter, which takes long to set up. */
export function domainXml(domain: DomainDescription, link: 'up' | 'pulled' = 'up'): string {
  const { names, metadata, image, acceleration, emulator } = domain;
  const { spec } = metadata.now;
  return renderXml(
    xml(
      'domain',
      { type: acceleration === 'kvm' ? 'kvm' : 'qemu' },
      xml('name', {}, names.domain),
      xml('uuid', {}, names.uuid),
      metadataElement(metadata),
      xml('memory', { unit: 'MiB' }, `${spec.memoryMib}`),
      xml('vcpu', { placement: 'static' }, `${spec.cpuCores}`),
      cpuTuning(),
      ...(image.entry.recipe === 'kernel' ? identity(domain) : []),
      operatingSystem(image, domain),
      xml('features', {}, xml('acpi'), xml('apic')),
      cpu(spec, acceleration),
      xml('clock', { offset: 'utc' }),
      xml('on_poweroff', {}, 'destroy'),
      xml('on_reboot', {}, 'restart'),
      xml('on_crash', {}, 'destroy'),
      xml(
        'devices',
        {},
        xml('emulator', {}, emulator),
        disk(domain),
        image.entry.recipe === 'cloud' ? seedDrive(names.seed) : undefined,
        networkInterface(domain, link),
        ...console(names.consoleLog),
        image.entry.recipe === 'kernel' ? agentChannel() : undefined,
        xml('rng', { model: 'virtio' }, xml('backend', { model: 'random' }, '/dev/urandom')),
        xml('memballoon', { model: 'none' }),
      ),
    ),
  );
}

// Each virtual CPU is one thread and takes one CPU at most; what QEMU does beside gets one more.
function cpuTuning(): XmlElement {
  const value = `${CPU_PERIOD}`;
  const knobs = ['period', 'quota', 'emulator_period', 'emulator_quota'];
  return xml('cputune', {}, ...knobs.map((name) => xml(name, {}, value)));
}

// What tells a machine who it is and whose. One that is booted ahead of any order is told later whose it is.
function identity({ names, metadata }: DomainDescription): XmlElement[] {
  const { order, now } = metadata;
  const entries = credentialStrings(now.sshPublicKeys).map((text) => xml('entry', {}, text));
  const { openssh, dropbear } = names.hostKeyFiles;
  return [
    ...(isUnclaimed(order) ? [] : [xml('sysinfo', { type: 'smbios' }, xml('oemStrings', {}, ...entries))]),
    xml(
      'sysinfo',
      { type: 'fwcfg' },
      xml('entry', { name: `${FIRMWARE_ENTRY}/host-key`, file: openssh }),
      xml('entry', { name: `${FIRMWARE_ENTRY}/host-key-dropbear`, file: dropbear }),
    ),
  ];
}

function agentChannel(): XmlElement {
  return xml('channel', { type: 'unix' }, xml('target', { type: 'virtio', name: AGENT_PORT }));
}

// Images of ours are booted by their kernel, which saves the firmware and the boot loader; others boot by themselves.
function operatingSystem(image: Located<MachineImage>, { metadata }: DomainDescription): XmlElement {
  const type = xml('type', { arch: 'x86_64', machine: MACHINE }, 'hvm');
  if (!('kernel' in image)) return xml('os', {}, type, xml('boot', { dev: 'hd' }));
  return xml(
    'os',
    {},
    type,
    xml('kernel', {}, image.kernel),
    xml('initrd', {}, image.initrd),
    xml('cmdline', {}, `${image.entry.commandLine} ${bootParameters(metadata).join(' ')}`),
    isUnclaimed(metadata.order) ? undefined : xml('smbios', { mode: 'sysinfo' }),
  );
}

function bootParameters({ order, address, gateway }: MachineMetadata): string[] {
  const network = `hamster.net=${address}/${SUBNET_BITS},${gateway}`;
  return [network, isUnclaimed(order) ? WARM_PARAMETER : `${NAME_PARAMETER}=${hostNameOf(order.leaseId)}`];
}

// One socket with all cores: some systems refuse more than one or two sockets.
function cpu(spec: MachineSpec, acceleration: Acceleration): XmlElement {
  const mode = acceleration === 'kvm' ? 'host-passthrough' : 'maximum';
  return xml('cpu', { mode }, xml('topology', { sockets: 1, cores: spec.cpuCores, threads: 1 }));
}

// Writes of an emulated machine, which serves development only, need not survive a crash of the host.
function disk({ names, acceleration, limits }: DomainDescription): XmlElement {
  const safe = { cache: 'none', io: 'native' };
  const caching = acceleration === 'kvm' ? safe : { cache: 'unsafe' };
  return xml(
    'disk',
    { type: 'file', device: 'disk' },
    xml('driver', { name: 'qemu', type: 'qcow2', discard: 'unmap', ...caching }),
    xml('source', { file: names.disk }),
    xml('target', { dev: 'vda', bus: 'virtio' }),
    xml(
      'iotune',
      {},
      xml('total_bytes_sec', {}, `${limits.diskBytesPerSecond}`),
      xml('total_iops_sec', {}, `${limits.diskIops}`),
    ),
  );
}

/**
 * What cloud-init reads at the first boot, which it finds by its label. On virtio, since Debian's kernel for clouds has no
 * driver for a SATA drive.
 */
function seedDrive(path: string): XmlElement {
  return xml(
    'disk',
    { type: 'file', device: 'disk' },
    xml('driver', { name: 'qemu', type: 'raw' }),
    xml('source', { file: path }),
    xml('target', { dev: 'vdb', bus: 'virtio' }),
    xml('readonly'),
  );
}

function console(logFile: string): XmlElement[] {
  return [
    xml('serial', { type: 'pty' }, xml('log', { file: logFile, append: 'on' }), xml('target', { port: 0 })),
    xml('console', { type: 'pty' }, xml('target', { type: 'serial', port: 0 })),
  ];
}
