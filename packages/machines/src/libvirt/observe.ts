import { stat } from 'node:fs/promises';
import { STATISTICS } from '@hamster/libvirt';
import type { DomainStatistics } from '@hamster/libvirt';
import type { MachineMetrics, MachineStatus } from '../driver.ts';
import { measureCpu } from '../host/cpu-percent.ts';
import { answersSsh } from '../ssh/answers-ssh.ts';
import { consoleTail } from './console-log.ts';
import { powerOf } from './machine.ts';
import type { FoundMachine } from './machine.ts';
import { SSH_PORT } from './options.ts';
import type { Site } from './workshop.ts';

const { cpu, balloon, interface: network, block } = STATISTICS;
const GROUPS = cpu | balloon | network | block;
const BLOCK = 512;
const GIB = 1024 ** 3;
const MIB = 1024 ** 2;
const KIB = 1024;

/** virDomainShutoffReason. After a restart of libvirtd or of the host it is 0. */
const WHY_OFF: Record<number, string> = {
  1: 'the guest powered off by itself',
  2: 'it was switched off by hand',
  3: 'it crashed',
  6: 'it could not be started',
};

export async function statusOf(site: Site, { domain, metadata }: FoundMachine): Promise<MachineStatus> {
  const power = await powerOf(site.libvirt, domain);
  if (power === 'running' || power === 'stopping') {
    const answers = await answersSsh({ host: metadata.address, port: SSH_PORT }, site.signal);
    return { state: answers ? 'running' : 'starting' };
  }
  if (metadata.wanted === 'stopped') return { state: 'stopped' };
  if (metadata.phase === 'building') return { state: 'starting' };
  if (power === 'held')
    return { state: 'failed', why: 'the hypervisor holds it: the disk of the host may be full' };
  const { reason } = await site.libvirt.domains.state(domain);
  const why = WHY_OFF[reason] ?? 'it does not run, as after a restart of its host';
  return { state: 'failed', why: `${why}; its console ended: ${await consoleTail(site.names.consoleLog)}` };
}

export async function metricsOf(site: Site, { domain, metadata }: FoundMachine): Promise<MachineMetrics> {
  const { libvirt, names, signal } = site;
  let last: DomainStatistics['values'] = new Map();
  const cpu = await measureCpu(async () => {
    const [first] = await libvirt.statistics({ domains: [domain], groups: GROUPS });
    last = first?.values ?? new Map();
    return BigInt(numberOf(last, 'cpu.time'));
  }, signal);
  const { spec } = metadata.now;
  // What the host keeps for it holds QEMU's own memory, too, which is no use of the machine's.
  const usedBytes = Math.min(numberOf(last, 'balloon.rss') * KIB, spec.memoryMib * MIB);
  const blocks = await stat(names.disk).then(
    ({ blocks }) => blocks,
    () => 0,
  );
  return {
    at: Date.now(),
    cpu,
    memory: { usedBytes, limitBytes: spec.memoryMib * MIB },
    disk: {
      usedBytes: blocks * BLOCK,
      sizeBytes: spec.diskGib * GIB,
      readBytes: numberOf(last, 'block.0.rd.bytes'),
      writtenBytes: numberOf(last, 'block.0.wr.bytes'),
    },
    network: {
      receivedBytes: numberOf(last, 'net.0.rx.bytes'),
      sentBytes: numberOf(last, 'net.0.tx.bytes'),
    },
  };
}

// What a machine that does not run has no number for counts as nothing.
function numberOf(values: DomainStatistics['values'], name: string): number {
  const value = values.get(name);
  return typeof value === 'bigint' || typeof value === 'number' ? Number(value) : 0;
}
