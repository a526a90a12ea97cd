import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type {
  Capacity,
  Endpoint,
  ImageInfo,
  Machine,
  MachineDriver,
  MachineOrder,
  MachineState,
} from '../driver.ts';
import { MachineError, machineNotFound } from '../errors.ts';
import { isMissing, privateDirectory, writeFileAtomic } from '../host/files.ts';
import { allowedCpus, hostCpuModel, hostResources } from '../host/host-resources.ts';
import { KeyedLock } from '../host/keyed-lock.ts';
import { checkLeaseId, checkOrder, orderConflict, sameOrder } from '../order.ts';
import { generateSshKeyPair } from '@hamster/ssh-keys';
import { waitForSsh } from '../ssh/wait-for-ssh.ts';
import { machineLayout } from './layout.ts';
import type { MachineLayout } from './layout.ts';
import type { ProcessDriverOptions } from './options.ts';
import { readRecord, writeRecord } from './record.ts';
import type { MachineRecord } from './record.ts';
import { processSelfTest } from './self-test.ts';
import { liveServer, startServer } from './server-process.ts';
import { endProcesses } from './sweep.ts';

const READY_TIMEOUT_MS = 30_000;
const STOP_GRACE_MS = 3_000;

/**
 * Machines that are SSH servers on this very host, each with a throw-away home. For development chains only:
 * the renter's programs run with the daemon's own rights and nothing separates them from the host.
 */
export function createProcessDriver(options: ProcessDriverOptions): MachineDriver {
  return new ProcessDriver(options);
}

class ProcessDriver implements MachineDriver {
  readonly kind = 'process';
  readonly #options: ProcessDriverOptions;
  readonly #machinesDir: string;
  readonly #locks = new KeyedLock();

  constructor(options: ProcessDriverOptions) {
    this.#options = options;
    this.#machinesDir = join(resolve(options.stateDir), 'machines');
  }

  selfTest(): ReturnType<MachineDriver['selfTest']> {
    return processSelfTest(this.#machinesDir);
  }

  async capacity(): Promise<Capacity> {
    await privateDirectory(this.#machinesDir);
    const host = await hostResources(this.#machinesDir);
    const offered = { ...host, ...this.#options.capacity };
    return { ...offered, virtualization: 'Process', cpuModel: hostCpuModel() };
  }

  images(): Promise<ImageInfo[]> {
    const name = this.#options.imageName ?? 'process';
    return Promise.resolve([{ name, version: '1', loginUser: 'renter', minMemoryMib: 1, minDiskGib: 1 }]);
  }

  create(order: MachineOrder, signal?: AbortSignal): Promise<Machine> {
    checkOrder(order);
    return this.#locks.run(order.leaseId, async () => {
      await this.#checkOffer(order);
      const layout = this.#layout(order.leaseId);
      const record = await readRecord(layout);
      if (record && !sameOrder(record.order, order)) throw orderConflict(order.leaseId);
      await privateDirectory(this.#machinesDir);
      await prepareMachine(layout, order);
      await this.#run(layout, order, signal);
      return { leaseId: order.leaseId, endpoint: await this.endpoint(order.leaseId) };
    });
  }

  async waitReady(leaseId: string, signal?: AbortSignal): Promise<{ hostKey: string }> {
    const endpoint = await this.endpoint(leaseId);
    const timeoutMs = this.#options.readyTimeoutMs ?? READY_TIMEOUT_MS;
    const hostKey = await waitForSsh({ endpoint, timeoutMs, signal });
    if (hostKey !== undefined) return { hostKey };
    await this.destroy(leaseId);
    throw new MachineError(
      'BootFailed',
      `lease ${leaseId}: no SSH within ${timeoutMs} ms; machine destroyed`,
    );
  }

  async endpoint(leaseId: string): Promise<Endpoint> {
    checkLeaseId(leaseId);
    const layout = this.#layout(leaseId);
    if ((await readRecord(layout)) === undefined) throw machineNotFound(leaseId);
    const server = await liveServer(layout);
    if (server === undefined)
      throw new MachineError('MachineStopped', `the machine of lease ${leaseId} is stopped`);
    return { host: '127.0.0.1', port: server.port, user: 'renter' };
  }

  async inspect(leaseId: string): Promise<MachineState | undefined> {
    checkLeaseId(leaseId);
    const layout = this.#layout(leaseId);
    const record = await readRecord(layout);
    if (record === undefined) return undefined;
    const { spec, image } = record.order;
    return { leaseId, image, ...spec, running: (await liveServer(layout)) !== undefined };
  }

  async list(): Promise<MachineState[]> {
    const names = await readdir(this.#machinesDir).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    const states = await Promise.all(names.sort().map((name) => this.inspect(name)));
    return states.filter((state) => state !== undefined);
  }

  stop(leaseId: string): Promise<void> {
    return this.#withRecord(leaseId, async (layout, record) => {
      await writeRecord(layout, { ...record, stopped: true });
      await endProcesses(layout, STOP_GRACE_MS);
    });
  }

  start(leaseId: string): Promise<void> {
    return this.#withRecord(leaseId, (layout, record) => this.#run(layout, record.order));
  }

  destroy(leaseId: string): Promise<void> {
    checkLeaseId(leaseId);
    return this.#locks.run(leaseId, async () => {
      const layout = this.#layout(leaseId);
      await endProcesses(layout, 0);
      await rm(layout.root, { recursive: true, force: true });
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #layout(leaseId: string): MachineLayout {
    return machineLayout(join(this.#machinesDir, leaseId));
  }

  #withRecord(
    leaseId: string,
    act: (layout: MachineLayout, record: MachineRecord) => Promise<void>,
  ): Promise<void> {
    checkLeaseId(leaseId);
    return this.#locks.run(leaseId, async () => {
      const layout = this.#layout(leaseId);
      const record = await readRecord(layout);
      if (record === undefined) throw machineNotFound(leaseId);
      await act(layout, record);
    });
  }

  async #run(layout: MachineLayout, order: MachineOrder, signal?: AbortSignal): Promise<void> {
    await writeRecord(layout, { order, stopped: false });
    if ((await liveServer(layout)) !== undefined) return;
    await startServer(layout, await pickCpus(order), signal);
  }

  async #checkOffer(order: MachineOrder): Promise<void> {
    const image = (await this.images())[0];
    if (order.image !== image?.name) throw new MachineError('ImageUnknown', `no image "${order.image}" here`);
    const { cpuCores, memoryMib } = await this.capacity();
    if (order.spec.cpuCores > cpuCores || order.spec.memoryMib > memoryMib) {
      throw new MachineError('InsufficientCapacity', `this host has ${cpuCores} CPUs and ${memoryMib} MiB`);
    }
  }
}

// Each step may find its work done by a call that was interrupted after it.
async function prepareMachine(layout: MachineLayout, order: MachineOrder): Promise<void> {
  await privateDirectory(layout.root);
  await mkdir(layout.home, { recursive: true, mode: 0o700 });
  if (existsSync(layout.hostKey)) return;
  await writeFileAtomic(layout.hostKey, generateSshKeyPair(order.leaseId).privateKey);
}

// Spread machines over the CPUs by lease, so that two small ones do not share the first core.
async function pickCpus(order: MachineOrder): Promise<number[]> {
  const cpus = await allowedCpus();
  const offset = [...order.leaseId].reduce((sum, char) => sum + char.charCodeAt(0), 0) % cpus.length;
  const rotated = [...cpus.slice(offset), ...cpus.slice(0, offset)];
  return rotated.slice(0, order.spec.cpuCores);
}
