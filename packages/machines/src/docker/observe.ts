import type Docker from 'dockerode';
import type { MachineMetrics, MachineState, MachineStatus } from '../driver.ts';
import { measureCpu } from '../host/cpu-percent.ts';
import { answersSsh } from '../ssh/answers-ssh.ts';
import { specOf } from './container-config.ts';
import type { ContainerRecord } from './record.ts';
import type { Site } from './site.ts';
import { containerOf, inspectContainer } from './site.ts';
import { diskSizeGib, usedBytes } from './volume.ts';

export const SSH_PORT = 22;
const GIB = 1024 ** 3;
const MIB = 1024 ** 2;
const LOG_LINES = 5;
const TAIL_CHARS = 300;

/** What Docker says of the machine: nothing here is taken from the order but its names. */
export async function stateOf(site: Site, record: ContainerRecord): Promise<MachineState> {
  const container = await inspectContainer(site);
  return {
    leaseId: site.leaseId,
    image: record.now.image.name,
    running: container?.State.Running === true && !container.State.Paused,
    wanted: record.wanted,
    ...specOf(container?.HostConfig ?? {}),
    diskGib: await diskSizeGib(site.names.disk),
  };
}

export async function statusOf(site: Site, record: ContainerRecord): Promise<MachineStatus> {
  const container = await inspectContainer(site);
  if (container?.State.Running === true) {
    const host = addressOf(site, container);
    const answers = host !== undefined && (await answersSsh({ host, port: SSH_PORT }, site.signal));
    return { state: answers ? 'running' : 'starting' };
  }
  if (record.wanted === 'stopped') return { state: 'stopped' };
  if (record.phase === 'building') return { state: 'starting' };
  if (container === undefined)
    return { state: 'failed', why: 'its container was removed by hand; its disk is there' };
  const { OOMKilled, ExitCode } = container.State;
  const why = OOMKilled ? 'it ran out of its memory' : `its first program ended with status ${ExitCode}`;
  return { state: 'failed', why: `${why}; it said last: ${await lastWords(site)}` };
}

/** The machine's address on its own network. */
export function addressOf({ names }: Site, container: Docker.ContainerInspectInfo): string | undefined {
  const address = container.NetworkSettings.Networks[names.network]?.IPAddress;
  return address === '' ? undefined : address;
}

export async function metricsOf(site: Site, record: ContainerRecord): Promise<MachineMetrics> {
  const { spec } = record.now;
  let last = await statsOf(site);
  const cpu = await measureCpu(async () => {
    last = await statsOf(site);
    return BigInt(last?.cpu_stats?.cpu_usage?.total_usage ?? 0);
  }, site.signal);
  const blocks = last?.blkio_stats?.io_service_bytes_recursive ?? [];
  const sum = (op: string): number =>
    blocks.filter((entry) => entry.op.toLowerCase() === op).reduce((total, { value }) => total + value, 0);
  const links = Object.values(last?.networks ?? {});
  return {
    at: Date.now(),
    cpu,
    memory: { usedBytes: usedMemory(last?.memory_stats), limitBytes: spec.memoryMib * MIB },
    disk: {
      usedBytes: await usedBytes(site.names.data),
      sizeBytes: spec.diskGib * GIB,
      readBytes: sum('read'),
      writtenBytes: sum('write'),
    },
    network: {
      receivedBytes: links.reduce((total, { rx_bytes }) => total + rx_bytes, 0),
      sentBytes: links.reduce((total, { tx_bytes }) => total + tx_bytes, 0),
    },
  };
}

/** As `docker stats` counts it: what the kernel keeps of files that nobody uses is not used up. Version 1 of cgroups has the longer name. */
function usedMemory(memory: Partial<Docker.ContainerStats['memory_stats']> | undefined): number {
  const { usage = 0, stats } = memory ?? {};
  const kept = stats?.total_inactive_file ?? stats?.inactive_file ?? 0;
  return Math.max(0, usage - kept);
}

// Docker answers for a container that does not run, too, with parts left out.
async function statsOf(site: Site): Promise<Partial<Docker.ContainerStats> | undefined> {
  if ((await inspectContainer(site)) === undefined) return undefined;
  return containerOf(site).stats({ stream: false, 'one-shot': true });
}

/** The end of what the machine's first program said, on one line. */
export async function lastWords(site: Site): Promise<string> {
  const options = { stdout: true, stderr: true, tail: LOG_LINES } as const;
  const log = await containerOf(site)
    .logs(options)
    .catch(() => Buffer.alloc(0));
  const printable = log
    .toString('utf8')
    .replace(/[\p{Cc}\ufffd]+/gu, ' ')
    .trim();
  return printable === '' ? '(nothing)' : printable.slice(-TAIL_CHARS);
}
