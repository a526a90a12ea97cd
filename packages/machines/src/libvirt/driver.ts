import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { connectLibvirt } from '@hamster/libvirt';
import type { Libvirt } from '@hamster/libvirt';
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
  SelfTestReport,
} from '../driver.ts';
import { MachineError, machineNotFound, machineStopped } from '../errors.ts';
import { hostCpuModel } from '../host/host-resources.ts';
import { KeyedLock } from '../host/keyed-lock.ts';
import { limited } from '../host/limited.ts';
import { offeredResources } from '../host/offered-resources.ts';
import { runCommand } from '../host/run-command.ts';
import { chooseSubnet } from '../host/subnets.ts';
import type { Subnet } from '../host/subnets.ts';
import { imageCatalogue } from '../images/catalogue.ts';
import type { ImageEntry, MachineImage } from '../images/entry.ts';
import { infoOf, isMachineImage } from '../images/select.ts';
import { checkFits, checkMinimum } from '../offer.ts';
import { DEFAULT_STATE_DIR } from '../options.ts';
import { checkLeaseId, checkOrder, checkResize, withKey } from '../order.ts';
import { waitForSsh } from '../ssh/wait-for-ssh.ts';
import { consoleTail, prepareDirectories, removeConsoleLog } from './console-log.ts';
import { AccelerationJudge } from './acceleration.ts';
import { createMachine } from './create-machine.ts';
import { removeDisk } from './disk.ts';
import { isolationChecks } from './isolation.ts';
import { reboot, reinstall, reset, resize, setKeys, start, stop } from './life.ts';
import { findDomain, findMachine, machineState, powerOf, powerOff } from './machine.ts';
import type { FoundMachine } from './machine.ts';
import { metricsOf, statusOf } from './observe.ts';
import { endpointOf } from './endpoint.ts';
import { leaseOfName } from '../names.ts';
import { machineNames } from './names.ts';
import type { MachineNames } from './names.ts';
import { removeNetwork } from './network.ts';
import { DEFAULT_EMULATOR, DEFAULT_LIMITS, DEFAULT_POOLS } from './options.ts';
import type { LibvirtDriverModules, LibvirtDriverOptions } from './options.ts';
import { libvirtSelfTest } from './self-test.ts';
import { LibvirtSession } from './session.ts';
import { takenRanges } from './subnets.ts';
import type { Site, Workshop } from './workshop.ts';

const READY_TIMEOUT_MS = { kvm: 120_000, emulated: 600_000 };
const STOP_GRACE_MS = 30_000;
const LOOK_LIMIT_MS = 60_000;
/** Beyond what the guest gets to power off: hashing an image, making a disk, libvirt's own work. */
const CHANGE_LIMIT_MS = 300_000;

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
  readonly #judge: AccelerationJudge;
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
    this.#judge = new AccelerationJudge({
      emulator: this.#emulator,
      catalogue: this.#modules.catalogue,
      wish: options.acceleration,
    });
    this.#session = new LibvirtSession(this.#modules.connect);
  }

  selfTest(): Promise<SelfTestReport> {
    this.#judge.forget();
    return libvirtSelfTest({
      connect: () => this.#look('connecting', undefined, (libvirt) => Promise.resolve(libvirt)),
      catalogue: this.#modules.catalogue,
      run: this.#modules.run,
      stateDir: this.#stateDir,
      emulator: this.#emulator,
      allowUnfiltered: this.#options.allowUnfiltered ?? false,
      shaping: this.#shaping,
      kvm: () => this.#judge.verdict(),
    });
  }

  async capacity(): Promise<Capacity> {
    const offered = await this.#offered();
    const virtualization = (await this.#judge.acceleration()) === 'kvm' ? 'Kvm' : 'Emulated';
    return { ...offered, virtualization, cpuModel: hostCpuModel() };
  }

  async images(): Promise<ImageInfo[]> {
    return (await this.#modules.catalogue.list()).filter(isMachineImage).map(infoOf);
  }

  create(order: MachineOrder, signal?: AbortSignal): Promise<Machine> {
    checkOrder(order);
    const { leaseId } = order;
    return this.#change('creating', leaseId, signal, async (site) => {
      const found = await findMachine(site.libvirt, site.names);
      // One that is there already was checked when it was made, and its renter may have changed it since.
      if (found === undefined) await this.#checkOffer(await this.#image(order.image), order.spec);
      await prepareDirectories(this.#stateDir);
      const { address, now } = await createMachine(site, order, (name) => this.#image(name));
      return { leaseId, endpoint: endpointOf(address, now.image) };
    });
  }

  async waitReady(leaseId: string, signal?: AbortSignal): Promise<{ hostKey: string }> {
    const fallback = READY_TIMEOUT_MS[await this.#judge.acceleration()];
    const timeoutMs = this.#options.readyTimeoutMs ?? fallback;
    const endpoint = await this.endpoint(leaseId, signal);
    const hostKey = await this.#untilStopped(leaseId, signal, (either) =>
      waitForSsh({ endpoint, timeoutMs, signal: either }),
    );
    if (hostKey !== undefined) return { hostKey };
    const said = await consoleTail(this.#names(leaseId).consoleLog);
    await this.destroy(leaseId);
    const message = `lease ${leaseId}: no SSH within ${timeoutMs} ms, machine destroyed; its console ended: ${said}`;
    throw new MachineError('BootFailed', message);
  }

  endpoint(leaseId: string, signal?: AbortSignal): Promise<Endpoint> {
    return this.#observe(leaseId, signal, (_site, { metadata }) =>
      Promise.resolve(endpointOf(metadata.address, metadata.now.image)),
    );
  }

  inspect(leaseId: string, signal?: AbortSignal): Promise<MachineState | undefined> {
    checkLeaseId(leaseId);
    const names = this.#names(leaseId);
    return this.#look(`inspecting lease ${leaseId}`, signal, async (libvirt) => {
      const found = await findMachine(libvirt, names);
      return found && machineState(libvirt, names, found);
    });
  }

  async list(signal?: AbortSignal): Promise<MachineState[]> {
    const domains = await this.#look('listing machines', signal, (libvirt) => libvirt.domains.list());
    const leases = domains.flatMap(({ name }) => leaseOfName(this.#options.chain, name) ?? []);
    const states = await Promise.all(leases.sort().map((leaseId) => this.inspect(leaseId, signal)));
    return states.filter((state) => state !== undefined);
  }

  status(leaseId: string, signal?: AbortSignal): Promise<MachineStatus> {
    return this.#observe(leaseId, signal, statusOf);
  }

  metrics(leaseId: string, signal?: AbortSignal): Promise<MachineMetrics> {
    return this.#observe(leaseId, signal, metricsOf);
  }

  console(leaseId: string, signal?: AbortSignal): Promise<Duplex> {
    return this.#observe(leaseId, signal, async ({ libvirt }, { domain }) => {
      if ((await powerOf(libvirt, domain)) === 'off') throw machineStopped(leaseId);
      return libvirt.console(domain);
    });
  }

  stop(leaseId: string, signal?: AbortSignal): Promise<void> {
    return this.#changeFound('stopping', leaseId, signal, stop);
  }

  start(leaseId: string, signal?: AbortSignal): Promise<void> {
    return this.#changeFound('starting', leaseId, signal, start);
  }

  reboot(leaseId: string, signal?: AbortSignal): Promise<void> {
    return this.#changeFound('rebooting', leaseId, signal, reboot);
  }

  reset(leaseId: string, signal?: AbortSignal): Promise<void> {
    return this.#changeFound('resetting', leaseId, signal, reset);
  }

  reinstall(leaseId: string, image: string, signal?: AbortSignal): Promise<void> {
    return this.#changeFound('reinstalling', leaseId, signal, async (site, found) => {
      const entry = await this.#image(image);
      checkMinimum(entry, found.metadata.now.spec);
      await reinstall(site, found, entry);
    });
  }

  resize(leaseId: string, spec: MachineSpec, signal?: AbortSignal): Promise<void> {
    return this.#changeFound('resizing', leaseId, signal, async (site, found) => {
      checkResize(found.metadata.now.spec, spec);
      await this.#checkOffer(found.metadata.now.image, spec);
      await resize(site, found, spec);
    });
  }

  setSshKeys(leaseId: string, keys: readonly string[], signal?: AbortSignal): Promise<KeysEffect> {
    return this.#changeFound('changing the keys of', leaseId, signal, (site, found) =>
      setKeys(site, found, keys),
    );
  }

  addSshKey(leaseId: string, key: string, signal?: AbortSignal): Promise<KeysEffect> {
    return this.#changeFound('adding a key to', leaseId, signal, (site, found) =>
      setKeys(site, found, withKey(found.metadata.now.sshPublicKeys, key)),
    );
  }

  destroy(leaseId: string, signal?: AbortSignal): Promise<void> {
    const task = async ({ libvirt, names }: Site): Promise<void> => {
      const domain = await findDomain(libvirt, names);
      if (domain) await powerOff(libvirt, domain);
      await removeDisk(names.disk);
      await removeDisk(names.seed);
      await removeNetwork(libvirt, names);
      await removeConsoleLog(names.consoleLog);
      // Last, because it is what the rest is found by.
      if (domain) await libvirt.domains.undefine(domain);
    };
    return this.#change('destroying', leaseId, signal, task, { isolate: false });
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  #names(leaseId: string): MachineNames {
    return machineNames(this.#options.chain, leaseId, this.#stateDir);
  }

  #look<T>(
    what: string,
    signal: AbortSignal | undefined,
    task: (libvirt: Libvirt, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    return limited({ what, timeoutMs: LOOK_LIMIT_MS, signal }, (inner) =>
      this.#session.use(what, inner, (libvirt) => task(libvirt, inner)),
    );
  }

  /** Looks at a machine without waiting for what is done to it. */
  #observe<T>(leaseId: string, signal: AbortSignal | undefined, task: Task<T>): Promise<T> {
    checkLeaseId(leaseId);
    return this.#look(`lease ${leaseId}`, signal, async (libvirt, inner) =>
      this.#withFound(this.#site(libvirt, leaseId, inner), leaseId, task),
    );
  }

  /** One change of a machine at a time. */
  #change<T>(
    what: string,
    leaseId: string,
    signal: AbortSignal | undefined,
    task: (site: Site) => Promise<T>,
    { isolate = true } = {},
  ): Promise<T> {
    checkLeaseId(leaseId);
    const title = `${what} the machine of lease ${leaseId}`;
    const timeoutMs = CHANGE_LIMIT_MS + this.#graceMs();
    const work = (inner: AbortSignal): Promise<T> =>
      this.#session.use(title, inner, async (libvirt) => {
        if (isolate) await this.#assertIsolation(libvirt);
        return task(this.#site(libvirt, leaseId, inner));
      });
    return limited({ what: title, timeoutMs, signal }, (inner) =>
      this.#locks.run(leaseId, () => work(inner), inner),
    );
  }

  #changeFound<T>(what: string, leaseId: string, signal: AbortSignal | undefined, task: Task<T>): Promise<T> {
    return this.#change(what, leaseId, signal, (site) => this.#withFound(site, leaseId, task));
  }

  async #withFound<T>(site: Site, leaseId: string, task: Task<T>): Promise<T> {
    const found = await findMachine(site.libvirt, site.names);
    if (found === undefined) throw machineNotFound(leaseId);
    return task(site, found);
  }

  #site(libvirt: Libvirt, leaseId: string, signal: AbortSignal): Site {
    return { workshop: this.#workshop(), libvirt, names: this.#names(leaseId), signal };
  }

  #graceMs(): number {
    return this.#options.stopGraceMs ?? STOP_GRACE_MS;
  }

  /** Runs `wait` until it ends or the machine stops running, which resolves undefined. */
  async #untilStopped<T>(
    leaseId: string,
    signal: AbortSignal | undefined,
    wait: (signal: AbortSignal) => Promise<T | undefined>,
  ): Promise<T | undefined> {
    const stopped = new AbortController();
    const unsubscribe = await this.#observe(leaseId, signal, ({ libvirt }, { domain }) =>
      libvirt.onLifecycle((event) => {
        const ended = event.event === 'stopped' || event.event === 'crashed';
        if (ended && event.domain.uuid === domain.uuid) stopped.abort();
      }),
    );
    try {
      return await wait(AbortSignal.any([stopped.signal, ...(signal ? [signal] : [])]));
    } catch (error) {
      if (stopped.signal.aborted && signal?.aborted !== true) return undefined;
      throw error;
    } finally {
      unsubscribe();
    }
  }

  #workshop(): Workshop {
    return {
      modules: this.#modules,
      limits: { ...DEFAULT_LIMITS, ...this.#options.limits },
      emulator: this.#emulator,
      filtered: this.#isolated,
      graceMs: this.#graceMs(),
      acceleration: () => this.#judge.acceleration(),
      withSubnet: (libvirt, define) => this.#withSubnet(libvirt, define),
      shaping: this.#shaping,
    };
  }

  // One at a time: the choice is visible to the next one only when it is defined.
  #withSubnet<T>(libvirt: Libvirt, define: (subnet: Subnet) => Promise<T>): Promise<T> {
    return this.#addressLock.run('subnet', async () => {
      const leases = (await libvirt.domains.list()).flatMap(
        ({ name }) => leaseOfName(this.#options.chain, name) ?? [],
      );
      const found = await Promise.all(leases.map((leaseId) => findMachine(libvirt, this.#names(leaseId))));
      const addresses = found.flatMap((machine) => machine?.metadata.address ?? []);
      const pools = this.#options.subnetPools ?? DEFAULT_POOLS;
      return define(chooseSubnet(pools, await takenRanges(libvirt, addresses)));
    });
  }

  async #image(name: string): Promise<MachineImage> {
    const entry = await this.#modules.catalogue.get(name);
    if (isMachineImage(entry)) return entry;
    throw new MachineError(
      'ImageUnknown',
      `image ${name} is for containers, and this driver runs virtual machines`,
    );
  }

  async #checkOffer(image: ImageEntry, spec: MachineSpec): Promise<void> {
    checkFits(image, spec, await this.#offered());
  }

  async #offered(): Promise<MachineSpec> {
    await prepareDirectories(this.#stateDir);
    return { ...(await offeredResources(join(this.#stateDir, 'disks'))), ...this.#options.capacity };
  }

  async #assertIsolation(libvirt: Libvirt): Promise<void> {
    if (this.#isolated || this.#options.allowUnfiltered) return;
    const failed = (await isolationChecks(libvirt)).filter(({ passed }) => !passed);
    this.#isolated = failed.length === 0;
    if (this.#isolated) return;
    const reasons = failed.map(({ name, detail }) => `${name}: ${detail}`).join('; ');
    throw new MachineError('HostUnfit', `guests cannot be kept from this host's network (${reasons})`);
  }
}

type Task<T> = (site: Site, found: FoundMachine) => Promise<T>;
