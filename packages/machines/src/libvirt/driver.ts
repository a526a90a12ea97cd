import { join } from 'node:path';
import { connectLibvirt } from '@hamster/libvirt';
import type { Libvirt } from '@hamster/libvirt';
import type {
  Capacity,
  Endpoint,
  ImageInfo,
  Machine,
  MachineDriver,
  MachineOrder,
  MachineSpec,
  MachineState,
} from '../driver.ts';
import type { SelfTestReport } from '../driver.ts';
import { MachineError, machineNotFound } from '../errors.ts';
import { hostCpuModel } from '../host/host-resources.ts';
import { KeyedLock } from '../host/keyed-lock.ts';
import { runCommand } from '../host/run-command.ts';
import { imageCatalogue } from '../images/catalogue.ts';
import { checkLeaseId, checkOrder } from '../order.ts';
import { waitForSsh } from '../ssh/wait-for-ssh.ts';
import { consoleTail, prepareDirectories, removeConsoleLog } from './console-log.ts';
import { createMachine, startMachine } from './create-machine.ts';
import type { Workshop } from './create-machine.ts';
import { removeDisk } from './disk.ts';
import type { Acceleration } from './domain-xml.ts';
import { isolationChecks } from './isolation.ts';
import { probeKvm } from './kvm-probe.ts';
import type { KvmVerdict } from './kvm-probe.ts';
import { findDomain, findMachine, machineState, powerOff } from './machine.ts';
import type { FoundMachine } from './machine.ts';
import { offeredResources } from './offered-resources.ts';
import { leaseOfDomain, machineNames } from './names.ts';
import type { MachineNames } from './names.ts';
import { ensureNetwork, removeNetwork } from './network.ts';
import { DEFAULT_EMULATOR, DEFAULT_LIMITS, DEFAULT_POOLS, DEFAULT_STATE_DIR } from './options.ts';
import type { LibvirtDriverModules, LibvirtDriverOptions } from './options.ts';
import { libvirtSelfTest } from './self-test.ts';
import { LibvirtSession } from './session.ts';
import { stopMachine } from './stop-machine.ts';
import { chooseSubnet, takenRanges } from './subnets.ts';
import type { Subnet } from './subnets.ts';

const READY_TIMEOUT_MS = { kvm: 120_000, emulated: 600_000 };
const STOP_GRACE_MS = 30_000;
const SSH_PORT = 22;

/**
 * Virtual machines through libvirt. Each has a network, a disk and a definition of its own; the definition carries the
 * order, so that nothing has to be remembered outside of libvirt.
 */
export function createLibvirtDriver(
  options: LibvirtDriverOptions,
  modules: Partial<LibvirtDriverModules> = {},
): MachineDriver {
  return new LibvirtDriver(options, modules);
}

class LibvirtDriver implements MachineDriver {
  readonly kind = 'libvirt';
  readonly #options: LibvirtDriverOptions;
  readonly #stateDir: string;
  readonly #emulator: string;
  readonly #modules: LibvirtDriverModules;
  readonly #session: LibvirtSession;
  readonly #locks = new KeyedLock();
  readonly #addressLock = new KeyedLock();
  readonly #shaping = { works: true };
  #kvm: Promise<KvmVerdict> | undefined;
  #isolated = false;

  constructor(options: LibvirtDriverOptions, modules: Partial<LibvirtDriverModules>) {
    const { socketPath } = options;
    this.#options = options;
    this.#stateDir = options.stateDir ?? DEFAULT_STATE_DIR;
    this.#emulator = options.emulator ?? DEFAULT_EMULATOR;
    this.#modules = {
      connect: () => connectLibvirt(socketPath === undefined ? {} : { socketPath }),
      run: runCommand,
      catalogue: imageCatalogue(join(this.#stateDir, 'catalogue')),
      ...modules,
    };
    this.#session = new LibvirtSession(this.#modules.connect);
  }

  selfTest(): Promise<SelfTestReport> {
    this.#kvm = undefined;
    return libvirtSelfTest({
      connect: () => this.#session.use('connecting', (libvirt) => Promise.resolve(libvirt)),
      catalogue: this.#modules.catalogue,
      run: this.#modules.run,
      stateDir: this.#stateDir,
      emulator: this.#emulator,
      allowUnfiltered: this.#options.allowUnfiltered ?? false,
      shaping: this.#shaping,
      kvm: () => this.#kvmVerdict(),
    });
  }

  async capacity(): Promise<Capacity> {
    const offered = await this.#offered();
    const virtualization = (await this.#acceleration()) === 'kvm' ? 'Kvm' : 'Emulated';
    return { ...offered, virtualization, cpuModel: hostCpuModel() };
  }

  async images(): Promise<ImageInfo[]> {
    const entries = await this.#modules.catalogue.list();
    return entries.map(({ name, version, loginUser, minMemoryMib, minDiskGib }) => ({
      name,
      version,
      loginUser,
      minMemoryMib,
      minDiskGib,
    }));
  }

  create(order: MachineOrder, signal?: AbortSignal): Promise<Machine> {
    checkOrder(order);
    const { leaseId } = order;
    return this.#locks.run(leaseId, () =>
      this.#session.use(`creating the machine of lease ${leaseId}`, async (libvirt) => {
        await this.#checkOffer(order);
        await this.#assertIsolation(libvirt);
        await prepareDirectories(this.#stateDir);
        const metadata = await createMachine(this.#workshop(), libvirt, {
          order,
          names: this.#names(leaseId),
          signal,
        });
        return { leaseId, endpoint: endpointOf(metadata) };
      }),
    );
  }

  async waitReady(leaseId: string, signal?: AbortSignal): Promise<{ hostKey: string }> {
    const fallback = READY_TIMEOUT_MS[await this.#acceleration()];
    const timeoutMs = this.#options.readyTimeoutMs ?? fallback;
    const endpoint = await this.endpoint(leaseId);
    const hostKey = await this.#untilStopped(leaseId, signal, (either) =>
      waitForSsh({ endpoint, timeoutMs, signal: either }),
    );
    if (hostKey !== undefined) return { hostKey };
    const said = await consoleTail(this.#names(leaseId).consoleLog);
    await this.destroy(leaseId);
    const message = `lease ${leaseId}: no SSH within ${timeoutMs} ms, machine destroyed; its console ended: ${said}`;
    throw new MachineError('BootFailed', message);
  }

  async endpoint(leaseId: string): Promise<Endpoint> {
    return this.#with(leaseId, (_libvirt, { metadata }) => Promise.resolve(endpointOf(metadata)));
  }

  inspect(leaseId: string): Promise<MachineState | undefined> {
    checkLeaseId(leaseId);
    const names = this.#names(leaseId);
    return this.#session.use(`inspecting lease ${leaseId}`, async (libvirt) => {
      const found = await findMachine(libvirt, names);
      return found && machineState(libvirt, names, found);
    });
  }

  async list(): Promise<MachineState[]> {
    const domains = await this.#session.use('listing machines', (libvirt) => libvirt.domains.list());
    const leases = domains.flatMap(({ name }) => leaseOfDomain(this.#options.chain, name) ?? []);
    const states = await Promise.all(leases.sort().map((leaseId) => this.inspect(leaseId)));
    return states.filter((state) => state !== undefined);
  }

  stop(leaseId: string): Promise<void> {
    const graceMs = this.#options.stopGraceMs ?? STOP_GRACE_MS;
    return this.#locks.run(leaseId, () =>
      this.#with(leaseId, (libvirt, { domain }) => stopMachine(libvirt, domain, graceMs)),
    );
  }

  start(leaseId: string): Promise<void> {
    return this.#locks.run(leaseId, () =>
      this.#with(leaseId, async (libvirt, { domain, metadata }) => {
        await this.#assertIsolation(libvirt);
        await ensureNetwork(libvirt, this.#names(leaseId), metadata);
        await startMachine(libvirt, domain);
      }),
    );
  }

  destroy(leaseId: string): Promise<void> {
    checkLeaseId(leaseId);
    const names = this.#names(leaseId);
    return this.#locks.run(leaseId, () =>
      this.#session.use(`destroying the machine of lease ${leaseId}`, async (libvirt) => {
        const domain = await findDomain(libvirt, names);
        if (domain) await powerOff(libvirt, domain);
        await removeDisk(names.disk);
        await removeNetwork(libvirt, names);
        await removeConsoleLog(names.consoleLog);
        // Last, because it is what the rest is found by.
        if (domain) await libvirt.domains.undefine(domain);
      }),
    );
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  #names(leaseId: string): MachineNames {
    return machineNames(this.#options.chain, leaseId, this.#stateDir);
  }

  #with<T>(leaseId: string, act: (libvirt: Libvirt, found: FoundMachine) => Promise<T>): Promise<T> {
    checkLeaseId(leaseId);
    return this.#session.use(`lease ${leaseId}`, async (libvirt) => {
      const found = await findMachine(libvirt, this.#names(leaseId));
      if (found === undefined) throw machineNotFound(leaseId);
      return act(libvirt, found);
    });
  }

  /** Runs `wait` until it ends or the machine stops running, which resolves undefined. */
  #untilStopped<T>(
    leaseId: string,
    signal: AbortSignal | undefined,
    wait: (signal: AbortSignal) => Promise<T | undefined>,
  ): Promise<T | undefined> {
    return this.#with(leaseId, async (libvirt, { domain }) => {
      const stopped = new AbortController();
      const unsubscribe = await libvirt.onLifecycle((event) => {
        const ended = event.event === 'stopped' || event.event === 'crashed';
        if (ended && event.domain.uuid === domain.uuid) stopped.abort();
      });
      try {
        return await wait(AbortSignal.any([stopped.signal, ...(signal ? [signal] : [])]));
      } catch (error) {
        if (stopped.signal.aborted && signal?.aborted !== true) return undefined;
        throw error;
      } finally {
        unsubscribe();
      }
    });
  }

  #workshop(): Workshop {
    return {
      modules: this.#modules,
      limits: { ...DEFAULT_LIMITS, ...this.#options.limits },
      emulator: this.#emulator,
      filtered: this.#isolated,
      acceleration: () => this.#acceleration(),
      withSubnet: (libvirt, define) => this.#withSubnet(libvirt, define),
      shaping: this.#shaping,
    };
  }

  // One at a time: the choice is visible to the next one only when it is defined.
  #withSubnet<T>(libvirt: Libvirt, define: (subnet: Subnet) => Promise<T>): Promise<T> {
    return this.#addressLock.run('subnet', async () => {
      const leases = (await libvirt.domains.list()).flatMap(
        ({ name }) => leaseOfDomain(this.#options.chain, name) ?? [],
      );
      const found = await Promise.all(leases.map((leaseId) => findMachine(libvirt, this.#names(leaseId))));
      const addresses = found.flatMap((machine) => machine?.metadata.address ?? []);
      const pools = this.#options.subnetPools ?? DEFAULT_POOLS;
      return define(chooseSubnet(pools, await takenRanges(libvirt, addresses)));
    });
  }

  async #checkOffer({ image, spec }: MachineOrder): Promise<void> {
    const entry = await this.#modules.catalogue.get(image);
    if (spec.memoryMib < entry.minMemoryMib || spec.diskGib < entry.minDiskGib) {
      const needs = `${entry.minMemoryMib} MiB of memory and ${entry.minDiskGib} GiB of disk`;
      throw new MachineError('InvalidOrder', `image ${image} needs at least ${needs}`);
    }
    const { cpuCores, memoryMib } = await this.#offered();
    if (spec.cpuCores <= cpuCores && spec.memoryMib <= memoryMib) return;
    throw new MachineError('InsufficientCapacity', `this host offers ${cpuCores} CPUs and ${memoryMib} MiB`);
  }

  async #offered(): Promise<MachineSpec> {
    await prepareDirectories(this.#stateDir);
    return { ...(await offeredResources(this.#stateDir)), ...this.#options.capacity };
  }

  async #assertIsolation(libvirt: Libvirt): Promise<void> {
    if (this.#isolated || this.#options.allowUnfiltered) return;
    const failed = (await isolationChecks(libvirt)).filter(({ passed }) => !passed);
    this.#isolated = failed.length === 0;
    if (this.#isolated) return;
    const reasons = failed.map(({ name, detail }) => `${name}: ${detail}`).join('; ');
    throw new MachineError('HostUnfit', `guests cannot be kept from this host's network (${reasons})`);
  }

  async #acceleration(): Promise<Acceleration> {
    return (await this.#kvmVerdict()).works ? 'kvm' : 'emulated';
  }

  #kvmVerdict(): Promise<KvmVerdict> {
    if (this.#options.acceleration === 'emulated') {
      return Promise.resolve({ works: false, detail: 'not tried: emulation was asked for' });
    }
    this.#kvm ??= this.#probeKvm();
    return this.#kvm;
  }

  async #probeKvm(): Promise<KvmVerdict> {
    const { catalogue } = this.#modules;
    const tiny = (await catalogue.list()).find(({ name }) => name === 'tiny');
    const kernel = tiny && (await catalogue.verify(tiny));
    return probeKvm({ emulator: this.#emulator, kernel });
  }
}

function endpointOf({ address, loginUser }: { address: string; loginUser: string }): Endpoint {
  return { host: address, port: SSH_PORT, user: loginUser };
}
