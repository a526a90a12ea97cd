import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exists } from '../host/files.ts';
import type { CommandRunner } from '../host/run-command.ts';
import type { ContainerLimits } from './options.ts';
import { deviceOf } from './volume.ts';

export type RatedMachine = {
  /** The machine's first program, on the host. */
  pid: number;
  bridge: string;
  /** Where its disk is mounted. */
  data: string;
  limits: ContainerLimits;
};

const CGROUPS = '/sys/fs/cgroup';
/** The most that passes at once: a hundredth of a second of it, since no timer of the kernel is finer. */
const BURST_S = 0.01;
const MIN_BURST = 32 * 1024;
const TEST_LINK = 'hamster-rate';

/**
 * Limits what the machine's disk and network give in a second. Devices and cgroup are others after each start, and Docker
 * cannot name the devices ahead, so this is done by hand, each time. What the kernel lacks is left out: the self-test
 * says so, and a machine without is better than none.
 */
export async function limitRates(
  run: CommandRunner,
  machine: RatedMachine,
  signal: AbortSignal,
): Promise<void> {
  await limitDisk(machine).catch(() => undefined);
  // To the machine on its bridge, from it on its own end of the link, which it has no right to change.
  await shape(run, ['tc'], machine.bridge, machine.limits, signal).catch(() => undefined);
  const inside = ['nsenter', '--target', `${machine.pid}`, '--net', 'tc'];
  await shape(run, inside, 'eth0', machine.limits, signal).catch(() => undefined);
}

/** Why the disk's rate cannot be limited here, if so. */
export async function diskRateProblem(): Promise<string | undefined> {
  const controllers = await readFile(join(CGROUPS, 'cgroup.controllers'), 'utf8').catch(() => '');
  if (controllers.split(/\s/).includes('io')) return undefined;
  if (await exists(join(CGROUPS, 'blkio/blkio.throttle.read_bps_device'))) return undefined;
  return 'the kernel limits no rates of block devices (BLK_DEV_THROTTLING)';
}

/** Tries on a link of its own whether the kernel shapes traffic. Throws when not. */
export async function tryShaping(
  run: CommandRunner,
  limits: ContainerLimits,
  signal: AbortSignal,
): Promise<void> {
  await run('ip', ['link', 'add', 'name', TEST_LINK, 'type', 'bridge'], { signal });
  try {
    await shape(run, ['tc'], TEST_LINK, limits, signal);
  } finally {
    await run('ip', ['link', 'delete', TEST_LINK]);
  }
}

async function limitDisk({ pid, data, limits }: RatedMachine): Promise<void> {
  const device = await deviceOf(data);
  const groups = await readFile(`/proc/${pid}/cgroup`, 'utf8');
  const { diskBytesPerSecond: bytes, diskIops: iops } = limits;
  const old = /^\d+:(?:[a-z,]+,)?blkio(?:,[a-z,]+)?:(.+)$/m.exec(groups)?.[1];
  if (old === undefined) {
    const group = /^0::(.+)$/m.exec(groups)?.[1] ?? '/';
    const rates = `rbps=${bytes} wbps=${bytes} riops=${iops} wiops=${iops}`;
    return writeFile(join(CGROUPS, group, 'io.max'), `${device} ${rates}`);
  }
  for (const [kind, value] of [
    ['bps', bytes],
    ['iops', iops],
  ] as const)
    for (const way of ['read', 'write'])
      await writeFile(
        join(CGROUPS, 'blkio', old, `blkio.throttle.${way}_${kind}_device`),
        `${device} ${value}`,
      );
}

async function shape(
  run: CommandRunner,
  [program = 'tc', ...before]: readonly string[],
  link: string,
  { networkMbit }: ContainerLimits,
  signal: AbortSignal,
): Promise<void> {
  const burst = Math.max(MIN_BURST, Math.ceil((networkMbit * 1_000_000 * BURST_S) / 8));
  const bucket = ['tbf', 'rate', `${networkMbit}mbit`, 'burst', `${burst}`, 'latency', '100ms'];
  await run(program, [...before, 'qdisc', 'replace', 'dev', link, 'root', ...bucket], { signal });
}
