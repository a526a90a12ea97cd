import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Duplex } from 'node:stream';
import type {
  Capacity,
  Endpoint,
  ImageInfo,
  KeysEffect,
  Machine,
  MachineDriver,
  MachineMetrics,
  MachineOrder,
  MachineSpec,
  MachineState,
  MachineStatus,
} from '../driver.ts';
import { MachineError, machineNotFound, machineStopped } from '../errors.ts';
import { isMissing, privateDirectory, writeFileAtomic } from '../host/files.ts';
import { hostCpuModel, hostResources } from '../host/host-resources.ts';
import { KeyedLock } from '../host/keyed-lock.ts';
import { limited } from '../host/limited.ts';
import { pickCpus } from '../host/pick-cpus.ts';
import {
  checkKeys,
  checkLeaseId,
  checkOrder,
  checkResize,
  orderConflict,
  sameOrder,
  withKey,
} from '../order.ts';
import { generateSshKeyPair } from '@hamster/ssh-keys';
import { answersSsh } from '../ssh/answers-ssh.ts';
import { waitForSsh } from '../ssh/wait-for-ssh.ts';
import { machineLayout } from './layout.ts';
import type { MachineLayout } from './layout.ts';
import type { ProcessDriverOptions } from './options.ts';
import { readRecord, writeRecord } from './record.ts';
import type { MachineRecord } from './record.ts';
import { processSelfTest } from './self-test.ts';
import { openConsole } from './console.ts';
import { liveServer, startServer } from './server-process.ts';
import { endProcesses } from './sweep.ts';
import { processMetrics } from './usage.ts';

const READY_TIMEOUT_MS = 30_000;
const STOP_GRACE_MS = 3_000;
/** Ending and starting processes, and removing what may be a large home. */
const CHANGE_LIMIT_MS = 120_000;
const LOOK_LIMIT_MS = 30_000;

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
    const { leaseId } = order;
    return this.#locked(leaseId, signal, async (layout, limit) => {
      await this.#checkImage(order.image);
      const record = await readRecord(layout);
      if (record && !sameOrder(record.order, order)) throw orderConflict(leaseId);
      if (record === undefined) await this.#checkSpec(order.spec);
      const { spec, sshPublicKeys } = order;
      await privateDirectory(this.#machinesDir);
      await privateDirectory(layout.root);
      await this.#run(layout, record ?? { order, now: { spec, sshPublicKeys }, stopped: false }, limit);
      return { leaseId, endpoint: await this.endpoint(leaseId) };
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
    const { order, now, stopped } = record;
    const running = (await liveServer(layout)) !== undefined;
    return { leaseId, image: order.image, ...now.spec, running, wanted: stopped ? 'stopped' : 'running' };
  }

  async list(): Promise<MachineState[]> {
    const names = await readdir(this.#machinesDir).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    return Promise.all(names.sort().map(async (name) => (await this.inspect(name)) ?? unfinished(name)));
  }

  status(leaseId: string, signal?: AbortSignal): Promise<MachineStatus> {
    return this.#look(leaseId, signal, async (layout, record, limit) => {
      const server = await liveServer(layout);
      if (server === undefined) {
        if (record.stopped) return { state: 'stopped' };
        return { state: 'failed', why: `its SSH server ended by itself; see ${layout.log}` };
      }
      const answers = await answersSsh({ host: '127.0.0.1', port: server.port }, limit);
      return { state: answers ? 'running' : 'starting' };
    });
  }

  metrics(leaseId: string, signal?: AbortSignal): Promise<MachineMetrics> {
    return this.#look(leaseId, signal, (layout, { now }, limit) => processMetrics(layout, now.spec, limit));
  }

  console(leaseId: string, signal?: AbortSignal): Promise<Duplex> {
    return this.#look(leaseId, signal, async (layout) => {
      if ((await liveServer(layout)) === undefined) throw machineStopped(leaseId);
      return openConsole(layout);
    });
  }

  stop(leaseId: string, signal?: AbortSignal): Promise<void> {
    return this.#change(leaseId, signal, async (layout, record) => {
      await writeRecord(layout, { ...record, stopped: true });
      await endProcesses(layout, STOP_GRACE_MS);
    });
  }

  start(leaseId: string, signal?: AbortSignal): Promise<void> {
    return this.#change(leaseId, signal, (layout, record, limit) => this.#run(layout, record, limit));
  }

  reboot(leaseId: string, signal?: AbortSignal): Promise<void> {
    return this.#restart(leaseId, STOP_GRACE_MS, signal);
  }

  reset(leaseId: string, signal?: AbortSignal): Promise<void> {
    return this.#restart(leaseId, 0, signal);
  }

  reinstall(leaseId: string, image: string, signal?: AbortSignal): Promise<void> {
    return this.#change(leaseId, signal, async (layout, record, limit) => {
      await this.#checkImage(image);
      await endProcesses(layout, 0);
      await discardHome(layout);
      await this.#run(layout, record, limit);
    });
  }

  resize(leaseId: string, spec: MachineSpec, signal?: AbortSignal): Promise<void> {
    return this.#change(leaseId, signal, async (layout, record, limit) => {
      checkResize(record.now.spec, spec);
      await this.#checkSpec(spec);
      const next = { ...record, now: { ...record.now, spec } };
      await writeRecord(layout, next);
      if (record.stopped) return;
      await endProcesses(layout, STOP_GRACE_MS);
      await this.#run(layout, next, limit);
    });
  }

  setSshKeys(leaseId: string, sshPublicKeys: readonly string[], signal?: AbortSignal): Promise<KeysEffect> {
    return this.#changeKeys(leaseId, () => sshPublicKeys, signal);
  }

  addSshKey(leaseId: string, sshPublicKey: string, signal?: AbortSignal): Promise<KeysEffect> {
    return this.#changeKeys(leaseId, (keys) => withKey(keys, sshPublicKey), signal);
  }

  destroy(leaseId: string, signal?: AbortSignal): Promise<void> {
    return this.#locked(leaseId, signal, async (layout) => {
      await endProcesses(layout, 0);
      await removeMachine(layout);
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #layout(leaseId: string): MachineLayout {
    return machineLayout(join(this.#machinesDir, leaseId));
  }

  #locked<T>(
    leaseId: string,
    signal: AbortSignal | undefined,
    act: (layout: MachineLayout, limit: AbortSignal) => Promise<T>,
  ): Promise<T> {
    checkLeaseId(leaseId);
    const limit = { what: `changing the machine of lease ${leaseId}`, timeoutMs: CHANGE_LIMIT_MS, signal };
    return limited(limit, (inner) =>
      this.#locks.run(leaseId, () => act(this.#layout(leaseId), inner), inner),
    );
  }

  #change<T>(leaseId: string, signal: AbortSignal | undefined, act: Act<T>): Promise<T> {
    return this.#locked(leaseId, signal, async (layout, limit) =>
      act(layout, await recordOf(layout, leaseId), limit),
    );
  }

  #look<T>(leaseId: string, signal: AbortSignal | undefined, act: Act<T>): Promise<T> {
    checkLeaseId(leaseId);
    const layout = this.#layout(leaseId);
    const limit = { what: `looking at the machine of lease ${leaseId}`, timeoutMs: LOOK_LIMIT_MS, signal };
    return limited(limit, async (inner) => act(layout, await recordOf(layout, leaseId), inner));
  }

  #restart(leaseId: string, graceMs: number, signal?: AbortSignal): Promise<void> {
    return this.#change(leaseId, signal, async (layout, record, limit) => {
      if (record.stopped) throw machineStopped(leaseId);
      await endProcesses(layout, graceMs);
      await this.#run(layout, record, limit);
    });
  }

  #changeKeys(
    leaseId: string,
    change: (keys: readonly string[]) => readonly string[],
    signal?: AbortSignal,
  ): Promise<KeysEffect> {
    return this.#change<KeysEffect>(leaseId, signal, async (layout, record) => {
      const sshPublicKeys = change(record.now.sshPublicKeys);
      checkKeys(sshPublicKeys);
      await writeRecord(layout, { ...record, now: { ...record.now, sshPublicKeys } });
      return 'now';
    });
  }

  async #run(layout: MachineLayout, record: MachineRecord, signal?: AbortSignal): Promise<void> {
    await writeRecord(layout, { ...record, stopped: false });
    await prepareMachine(layout, record.order);
    if ((await liveServer(layout)) !== undefined) return;
    const cpus = await pickCpus(record.order.leaseId, record.now.spec.cpuCores);
    await startServer(layout, cpus, signal);
  }

  async #checkImage(name: string): Promise<void> {
    const image = (await this.images())[0];
    if (name !== image?.name) throw new MachineError('ImageUnknown', `no image "${name}" here`);
  }

  async #checkSpec(spec: MachineSpec): Promise<void> {
    const { cpuCores, memoryMib } = await this.capacity();
    if (spec.cpuCores > cpuCores || spec.memoryMib > memoryMib) {
      throw new MachineError('InsufficientCapacity', `this host has ${cpuCores} CPUs and ${memoryMib} MiB`);
    }
  }
}

type Act<T> = (layout: MachineLayout, record: MachineRecord, limit: AbortSignal) => Promise<T>;

async function recordOf(layout: MachineLayout, leaseId: string): Promise<MachineRecord> {
  const record = await readRecord(layout);
  if (record === undefined) throw machineNotFound(leaseId);
  return record;
}

/** What was begun and never noted, or is half removed: there is something to destroy and nothing to start. */
function unfinished(leaseId: string): MachineState {
  const nothing = { cpuCores: 0, memoryMib: 0, diskGib: 0 };
  return { leaseId, image: '', ...nothing, running: false, wanted: 'stopped', unfinished: true };
}

// What it holds goes before its name: an interruption leaves a machine that is still listed, and destroyed again.
async function removeMachine({ root, home, discarded }: MachineLayout): Promise<void> {
  await rm(home, { recursive: true, force: true });
  await rm(discarded, { recursive: true, force: true });
  await rm(root, { recursive: true, force: true });
}

// Out of the way in one step: what an interruption leaves in there is no machine's home any more.
async function discardHome({ home, discarded }: MachineLayout): Promise<void> {
  await rm(discarded, { recursive: true, force: true });
  await rename(home, discarded).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
  });
  await rm(discarded, { recursive: true, force: true });
}

// Each step may find its work done by a call that was interrupted after it.
async function prepareMachine(layout: MachineLayout, order: MachineOrder): Promise<void> {
  await rm(layout.discarded, { recursive: true, force: true });
  await mkdir(layout.home, { recursive: true, mode: 0o700 });
  if (existsSync(layout.hostKey)) return;
  await writeFileAtomic(layout.hostKey, generateSshKeyPair(order.leaseId).privateKey);
}
