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
  WarmWish,
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
import { infoOf, isMachineImage, machineImage } from '../images/select.ts';
import { checkFits, checkMinimum } from '../offer.ts';
import { DEFAULT_STATE_DIR } from '../options.ts';
import { checkLeaseId, checkOrder, checkResize, withKey } from '../order.ts';
import { waitForSsh } from '../ssh/wait-for-ssh.ts';
import { consoleTail, prepareDirectories } from './console-log.ts';
import { AccelerationJudge } from './acceleration.ts';
import { createMachine } from './create-machine.ts';
import { everyOne, guardMachine } from './guard.ts';
import { FilterRules } from './filter-rules.ts';
import { requireIsolation } from './isolation.ts';
import { reboot, reinstall, reset, resize, setKeys, start, stop } from './life.ts';
import { allMachines, leasesOf, listMachines, namesOf } from './locate.ts';
import type { Place } from './locate.ts';
import { findMachine, machineState, powerOf } from './machine.ts';
import type { FoundMachine } from './machine.ts';
import { metricsOf, statusOf } from './observe.ts';
import { endpointOf } from './endpoint.ts';
import type { MachineNames } from './names.ts';
import { DEFAULT_EMULATOR, DEFAULT_LIMITS, DEFAULT_POOLS } from './options.ts';
import type { LibvirtDriverModules, LibvirtDriverOptions } from './options.ts';
import { removeMachine } from './remove-machine.ts';
import { libvirtSelfTest } from './self-test.ts';
import { LibvirtSession } from './session.ts';
import { Shaping } from './shaping.ts';
import { takenRanges } from './subnets.ts';
import { untilStopped, watchEnd } from './until-stopped.ts';
import { isWarmKey } from './warm/warm-key.ts';
import { WarmPool } from './warm/warm-pool.ts';
import type { Site, Workshop } from './workshop.ts';

const READY_TIMEOUT_MS = { kvm: 120_000, emulated: 600_000 };
const STOP_GRACE_MS = 30_000;
const LOOK_LIMIT_MS = 60_000;
/** Beyond what the guest gets to power off: hashing an image, making a disk, libvirt's own work. */
const CHANGE_LIMIT_MS = 300_000;
/** Each machine that is booted ahead has its own limit; this one is for all that are missing. */
const PREPARE_LIMIT_MS = 3_600_000;

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
  readonly #shaping = new Shaping();
  readonly #judge: AccelerationJudge;
  readonly #place: Place;
  readonly #pool: WarmPool;
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
    this.#place = { chain: options.chain, stateDir: this.#stateDir };
    this.#pool = new WarmPool({
      ...this.#place,
      siteAt: (libvirt, names, signal) => this.#siteAt(libvirt, names, signal),
      image: (name) => this.#image(name),
      offered: () => this.#offered(),
      bootLimitMs: () => this.#readyTimeoutMs(),
    });
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
      await prepareDirectories(this.#stateDir);
      const found = await findMachine(site.libvirt, site.names);
      // One that is there already was checked when it was made, and its renter may have changed it since.
      const names = found ? site.names : await this.#claim(site, order);
      const { address, now } = await createMachine({ ...site, names }, order, (name) => this.#image(name));
      return { leaseId, endpoint: endpointOf(address, now.image) };
    });
  }

  async waitReady(leaseId: string, signal?: AbortSignal): Promise<{ hostKey: string }> {
    const timeoutMs = await this.#readyTimeoutMs();
    const { endpoint, consoleLog } = await this.#observe(leaseId, signal, ({ names }, { metadata }) =>
      Promise.resolve({
        endpoint: endpointOf(metadata.address, metadata.now.image),
        consoleLog: names.consoleLog,
      }),
    );
    const hostKey = await untilStopped(
      (onEnd) =>
        this.#observe(leaseId, signal, ({ libvirt }, { domain }) => watchEnd(libvirt, domain, onEnd)),
      signal,
      (either) => waitForSsh({ endpoint, timeoutMs, signal: either }),
    );
    if (hostKey !== undefined) return { hostKey };
    const said = await consoleTail(consoleLog);
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
    return this.#look(`inspecting lease ${leaseId}`, signal, async (libvirt) => {
      const names = await namesOf(libvirt, this.#place, leaseId);
      const found = await findMachine(libvirt, names);
      return found && machineState(libvirt, names, found);
    });
  }

  list(signal?: AbortSignal): Promise<MachineState[]> {
    return this.#look('listing machines', signal, (libvirt) => listMachines(libvirt, this.#place));
  }

  prepare(wishes: readonly WarmWish[], signal?: AbortSignal): Promise<void> {
    const what = 'booting machines ahead';
    return limited({ what, timeoutMs: PREPARE_LIMIT_MS, signal }, (inner) =>
      this.#session.use(what, inner, async (libvirt) => {
        if (wishes.length > 0) await this.#assertIsolation(libvirt);
        await prepareDirectories(this.#stateDir);
        await this.#pool.prepare(libvirt, wishes, inner);
      }),
    );
  }

  async guard(signal?: AbortSignal): Promise<void> {
    if (this.#options.allowUnfiltered) return;
    const { leases, rules } = await this.#look('guarding machines', signal, async (libvirt, inner) => {
      const leases = await leasesOf(libvirt, this.#place);
      return {
        leases,
        rules: leases.length > 0 ? await FilterRules.read(this.#modules.run, inner) : undefined,
      };
    });
    // Whoever is at work on a machine for long has its link pulled, or is about to let it go; the others don't wait for that.
    const idle = leases.filter((leaseId) => !this.#locks.isBusy(leaseId));
    await everyOne(idle, (leaseId) =>
      this.#change('guarding', leaseId, signal, (site) => guardMachine(site, rules)),
    );
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
    return this.#change('destroying', leaseId, signal, removeMachine, { isolate: false });
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  /** Names of a machine for the order: one that was booted ahead, or the names of one to be made. */
  async #claim({ libvirt, names, signal }: Site, order: MachineOrder): Promise<MachineNames> {
    const image = await this.#image(order.image);
    await this.#checkOffer(image, order.spec);
    const claimed = await this.#pool.claim(libvirt, { order, image }, signal);
    if (claimed === undefined) await this.#pool.makeRoom(libvirt, order.spec, signal);
    return claimed ?? names;
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
      this.#withFound(await this.#site(libvirt, leaseId, inner), leaseId, task),
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
    // What is left of a machine that was booted ahead has no other name any more.
    if (!isWarmKey(leaseId)) checkLeaseId(leaseId);
    const title = `${what} the machine of lease ${leaseId}`;
    const timeoutMs = CHANGE_LIMIT_MS + this.#graceMs();
    const work = (inner: AbortSignal): Promise<T> =>
      this.#session.use(title, inner, async (libvirt) => {
        if (isolate) await this.#assertIsolation(libvirt);
        return task(await this.#site(libvirt, leaseId, inner));
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

  async #site(libvirt: Libvirt, leaseId: string, signal: AbortSignal): Promise<Site> {
    return this.#siteAt(libvirt, await namesOf(libvirt, this.#place, leaseId), signal);
  }

  #siteAt(libvirt: Libvirt, names: MachineNames, signal: AbortSignal): Site {
    return { workshop: this.#workshop(), libvirt, names, signal, verified: new Map() };
  }

  async #readyTimeoutMs(): Promise<number> {
    return this.#options.readyTimeoutMs ?? READY_TIMEOUT_MS[await this.#judge.acceleration()];
  }

  #graceMs(): number {
    return this.#options.stopGraceMs ?? STOP_GRACE_MS;
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
      warn: (leaseId, text) => this.#options.onWarning?.(leaseId, text),
    };
  }

  // One at a time: the choice is visible to the next one only when it is defined.
  #withSubnet<T>(libvirt: Libvirt, define: (subnet: Subnet) => Promise<T>): Promise<T> {
    return this.#addressLock.run('subnet', async () => {
      const addresses = (await allMachines(libvirt, this.#place)).map(({ metadata }) => metadata.address);
      const pools = this.#options.subnetPools ?? DEFAULT_POOLS;
      return define(chooseSubnet(pools, await takenRanges(libvirt, addresses)));
    });
  }

  #image(name: string): Promise<MachineImage> {
    return machineImage(this.#modules.catalogue, name);
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
    await requireIsolation(libvirt);
    this.#isolated = true;
  }
}

type Task<T> = (site: Site, found: FoundMachine) => Promise<T>;
