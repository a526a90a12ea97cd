import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createDockerDriver,
  createLibvirtDriver,
  DEFAULT_STATE_DIR,
  imageCatalogue,
  type ImageEntry,
  type KernelImage,
  type MachineDriver,
  type MachineOrder,
} from '@hamster/machines';
import { generateSshKeyPair } from '@hamster/ssh-keys';
import { figure, type Figure, type Goal } from '../figure.ts';
import type { Bench, Measure } from '../suite.ts';
import { bareBoot } from './bare-boot.ts';

const MAX_DISK_GIB = 3;
const RUNS = 5;

export interface StartOptions {
  readonly memoryMib: number;
  readonly goal: Goal;
  /** For machines that were booted ahead, where the driver and the image can. */
  readonly warmGoal?: Goal;
}

interface Run {
  readonly image: string;
  readonly memoryMib: number;
  readonly signal: AbortSignal;
}

/**
 * The median of a few starts, beside as many boots of the same files by QEMU alone, taking turns; then of as many claims
 * of machines that were booted ahead.
 */
export function machineStart(image: string, { memoryMib, goal, warmGoal }: StartOptions): Measure {
  return {
    name: image,
    cleansUp: true,
    async run(bench) {
      const { signal } = bench;
      const catalogue = imageCatalogue(join(DEFAULT_STATE_DIR, 'catalogue'));
      const entry = (await catalogue.list()).find(({ name }) => name === image);
      if (entry === undefined) return notBuilt(bench, image);
      const place = await mkdtemp(join(DEFAULT_STATE_DIR, 'bench-'));
      // The hypervisor's account must be able to pass through.
      await chmod(place, 0o711);
      const driver = driverFor(entry, place);
      try {
        const accelerated = (await driver.capacity()).virtualization === 'Kvm';
        const runs = bench.quick ? 1 : RUNS;
        const leases: number[] = [];
        const bare: number[] = [];
        for (let run = 0; run < runs; run += 1) {
          if (entry.recipe === 'kernel')
            bare.push(await bareBootOf(entry, { folder: place, memoryMib, accelerated, signal }));
          leases.push(await lease(driver, { image, memoryMib, run, signal }));
        }
        const cold = figureOf(`lease-${image}`, { leases, bare, goal });
        if (warmGoal === undefined) return [cold];
        const claims = await claimsOf(driver, { image, memoryMib, runs, signal });
        return [cold, figureOf(`lease-warm-${image}`, { leases: claims, bare, goal: warmGoal })];
      } finally {
        await driver.close();
        await rm(place, { recursive: true, force: true });
      }
    },
  };
}

function notBuilt(bench: Bench, image: string): readonly Figure[] {
  bench.note(`there is no image ${image} here; build it with: hamster-provider image build ${image}`);
  return [];
}

function driverFor(entry: ImageEntry, stateDir: string): MachineDriver {
  const catalogue = imageCatalogue(join(DEFAULT_STATE_DIR, 'catalogue'));
  const options = { chain: randomUUID(), stateDir };
  if (entry.recipe === 'container') return createDockerDriver(options, { catalogue });
  return createLibvirtDriver(options, { catalogue });
}

async function bareBootOf(
  entry: KernelImage,
  options: { folder: string; memoryMib: number; accelerated: boolean; signal: AbortSignal },
): Promise<number> {
  const files = await imageCatalogue(join(DEFAULT_STATE_DIR, 'catalogue')).verify(entry);
  return bareBoot({ ...files, ...options, commandLine: entry.commandLine, diskGib: MAX_DISK_GIB });
}

/** Seconds from order to host key, each time with one machine that was booted ahead. */
async function claimsOf(
  driver: MachineDriver,
  { image, memoryMib, runs, signal }: Run & { runs: number },
): Promise<number[]> {
  const claims: number[] = [];
  try {
    for (let run = 0; run < runs; run += 1) {
      const spec = { cpuCores: 1, memoryMib, diskGib: MAX_DISK_GIB };
      await driver.prepare?.([{ image, spec, count: 1 }], signal);
      claims.push(await lease(driver, { image, memoryMib, run, signal }));
    }
    return claims;
  } finally {
    await driver.prepare?.([]);
  }
}

/** Seconds from the order to the host key; the machine is gone afterwards. */
async function lease(
  driver: MachineDriver,
  { image, memoryMib, run, signal }: Run & { run: number },
): Promise<number> {
  const leaseId = `bench-${run}`;
  const spec = { cpuCores: 1, memoryMib, diskGib: MAX_DISK_GIB };
  const sshPublicKeys = [generateSshKeyPair('bench').publicKey];
  const order: MachineOrder = { leaseId, spec, image, sshPublicKeys };
  const started = performance.now();
  try {
    await driver.create(order, signal);
    await driver.waitReady(leaseId, signal);
    return (performance.now() - started) / 1000;
  } finally {
    await driver.destroy(leaseId);
  }
}

function figureOf(
  name: string,
  { leases, bare, goal }: { leases: number[]; bare: number[]; goal: Goal },
): Figure {
  const baseline = bare.length > 0 ? { baseline: median(bare) } : {};
  return figure({ name, value: median(leases), unit: 's', ...baseline, goal });
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
