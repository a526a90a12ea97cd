import type Docker from 'dockerode';
import type { MachineSpec } from '../driver.ts';
import { hostNameOf } from '../names.ts';
import { imageTag } from './images.ts';
import { LABEL } from './names.ts';
import type { ContainerNames } from './names.ts';
import type { ContainerLimits } from './options.ts';
import type { ContainerRecord } from './record.ts';

const MIB = 1024 ** 2;
const NANO = 1_000_000_000;
/** What an SSH server and a package manager need; neither devices, mounts, raw packets, modules nor the network. */
const CAPABILITIES = [
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'NET_BIND_SERVICE',
  'SETGID',
  'SETUID',
  'SYS_CHROOT',
];
const LOG = { Type: 'json-file', Config: { 'max-size': '1m', 'max-file': '2' } };

export type ContainerDescription = {
  chain: string;
  names: ContainerNames;
  record: ContainerRecord;
  limits: ContainerLimits;
  runtime: string;
  dnsServers: readonly string[];
  /** CPU numbers that this machine may use. */
  cpus: readonly number[];
};

export function containerConfig(description: ContainerDescription): Docker.ContainerCreateOptions {
  const { chain, names, record, limits, runtime, dnsServers } = description;
  const { image } = record.now;
  const temporary = `rw,nosuid,nodev,size=${limits.temporaryMib}m`;
  return {
    name: names.container,
    Hostname: hostNameOf(record.order.leaseId),
    Image: imageTag(image),
    Cmd: [...image.command],
    Labels: { [LABEL.chain]: chain, [LABEL.lease]: record.order.leaseId },
    HostConfig: {
      ...resources(record.now.spec, description.cpus),
      // A start of the host comes before its firewall's rules: only the driver starts machines.
      RestartPolicy: { Name: 'no' },
      Init: true,
      Runtime: runtime,
      PidsLimit: limits.processes,
      CapDrop: ['ALL'],
      CapAdd: CAPABILITIES,
      SecurityOpt: ['no-new-privileges'],
      ReadonlyRootfs: image.readOnlyRoot,
      Tmpfs: { '/tmp': `${temporary},mode=1777`, '/run': `${temporary},mode=755` },
      Mounts: [
        { Type: 'bind', Source: names.data, Target: '/data' },
        { Type: 'bind', Source: names.control, Target: '/hamster', ReadOnly: true },
      ],
      NetworkMode: names.network,
      Dns: [...dnsServers],
      Ulimits: [{ Name: 'core', Soft: 0, Hard: 0 }],
      LogConfig: LOG,
      IpcMode: 'private',
    },
  };
}

/** What can change while the machine runs. Whole CPUs are pinned, since `nproc` knows nothing of quotas. */
export function resources(
  spec: MachineSpec,
  cpus: readonly number[],
): Pick<Docker.HostConfig, 'NanoCpus' | 'CpusetCpus' | 'Memory' | 'MemorySwap'> {
  const memory = spec.memoryMib * MIB;
  return { NanoCpus: spec.cpuCores * NANO, CpusetCpus: cpus.join(','), Memory: memory, MemorySwap: memory };
}

export function specOf({
  NanoCpus,
  Memory,
}: Pick<Docker.HostConfig, 'NanoCpus' | 'Memory'>): Omit<MachineSpec, 'diskGib'> {
  return { cpuCores: Math.round((NanoCpus ?? 0) / NANO), memoryMib: Math.floor((Memory ?? 0) / MIB) };
}
