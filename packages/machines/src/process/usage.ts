import { readFile } from 'node:fs/promises';
import type { MachineMetrics, MachineSpec } from '../driver.ts';
import { measureCpu } from '../host/cpu-percent.ts';
import { runCommand } from '../host/run-command.ts';
import type { MachineLayout } from './layout.ts';
import { machineProcesses } from './sweep.ts';

/** The kernel counts in hundredths of a second and, on every host that this driver serves, pages of 4 KiB. */
const TICK_NS = 10_000_000n;
const PAGE = 4096;
const GIB = 1024 ** 3;
const MIB = 1024 ** 2;

type Usage = { cpuNs: bigint; memoryBytes: number };

/** What the machine's processes use. Their network is the host's and cannot be told apart. */
export async function processMetrics(
  layout: MachineLayout,
  spec: MachineSpec,
  signal: AbortSignal,
): Promise<MachineMetrics> {
  const cpu = await measureCpu(async () => (await usageOf(layout)).cpuNs, signal);
  const { memoryBytes } = await usageOf(layout);
  const listing = await runCommand('du', ['--summarize', '--block-size=1', layout.home], { signal });
  return {
    at: Date.now(),
    cpu,
    memory: { usedBytes: memoryBytes, limitBytes: spec.memoryMib * MIB },
    disk: { usedBytes: Number.parseInt(listing, 10), sizeBytes: spec.diskGib * GIB },
    network: undefined,
  };
}

async function usageOf(layout: MachineLayout): Promise<Usage> {
  const pids = await machineProcesses(layout);
  const all = await Promise.all(pids.map(usageOfProcess));
  return all.reduce(
    (sum, { cpuNs, memoryBytes }) => ({
      cpuNs: sum.cpuNs + cpuNs,
      memoryBytes: sum.memoryBytes + memoryBytes,
    }),
    { cpuNs: 0n, memoryBytes: 0 },
  );
}

// Fields 14, 15 and 24 of proc(5), counted from behind the command in brackets. A process that just ended uses nothing.
async function usageOfProcess(pid: number): Promise<Usage> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user = '0', system = '0', pages = '0'] = [fields[11], fields[12], fields[21]];
  return { cpuNs: (BigInt(user) + BigInt(system)) * TICK_NS, memoryBytes: Number(pages) * PAGE };
}
