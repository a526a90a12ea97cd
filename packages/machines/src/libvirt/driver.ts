import type { Duplex } from 'node:stream';
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
import { infoOf, isMachineImage } from '../images/select.ts';
import { checkMinimum } from '../offer.ts';
import { checkLeaseId, checkOrder, checkResize, withKey } from '../order.ts';
import { waitForSsh } from '../ssh/wait-for-ssh.ts';
import { boundConsoleLogs, consoleTail } from './console-log.ts';
import { createMachine } from './create-machine.ts';
import { everyOne, guardMachine } from './guard.ts';
import { FilterRules } from './filter-rules.ts';
import { reboot, reinstall, reset, resize, setKeys, start, stop } from './life.ts';
import { leasesOf, listMachines, namesOf } from './locate.ts';
import { diskFull, findMachine, lacksRoom, machineState, powerOf } from './machine.ts';
import type { FoundMachine } from './machine.ts';
import { metricsOf, statusOf } from './observe.ts';
import { endpointOf } from './endpoint.ts';
import type { MachineNames } from './names.ts';
import type { LibvirtDriverModules, LibvirtDriverOptions } from './options.ts';
import { Premises } from './premises.ts';
import { removeMachine } from './remove-machine.ts';
import { untilStopped, watchEnd } from './until-stopped.ts';
import { isWarmKey } from './warm/warm-key.ts';
import { WarmPool } from './warm/warm-pool.ts';
import type { Site } from './workshop.ts';

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
  readonly #premises: Premises;
  readonly #pool: WarmPool;
  readonly #locks = new KeyedLock();

  constructor(options: LibvirtDriverOptions, modules: Partial<LibvirtDriverModules>) {
    const premises = new Premises(options, modules);
    this.#premises = premises;
    this.#pool = new WarmPool({
      ...premises.place,
      siteAt: (libvirt, names, signal) => premises.siteAt(libvirt, names, signal),
      image: (name) => premises.image(name),
      offered: () => premises.offered(),
      bootLimitMs: () => premises.readyTimeoutMs(),
    });
  }

  selfTest(): Promise<SelfTestReport> {
    return this.#premises.selfTest();
  }

  async capacity(): Promise<Capacity> {
    const offered = await this.#premises.offered();
    const virtualization = (await this.#premises.acceleration()) === 'kvm' ? 'Kvm' : 'Emulated';
    return { ...offered, virtualization, cpuModel: hostCpuModel() };
  }

  async images(): Promise<ImageInfo[]> {
    return (await this.#premises.modules.catalogue.list()).filter(isMachineImage).map(infoOf);
  }

  create(order: MachineOrder, signal?: AbortSignal): Promise<Machine> {
    checkOrder(order);
    const { leaseId } = order;
    return this.#change('creating', leaseId, signal, async (site) => {
      await this.#premises.prepareDirectories();
      const found = await findMachine(site.libvirt, site.names);
      // One that is there already was checked when it was made, and its renter may have changed it since.
      const names = found ? site.names : await this.#claim(site, order);
      const { address, now } = await createMachine({ ...site, names }, order, (name) =>
        this.#premises.image(name),
      );
      return { leaseId, endpoint: endpointOf(address, now.image) };
    });
  }

  async waitReady(leaseId: string, signal?: AbortSignal): Promise<{ hostKey: string }> {
    const timeoutMs = await this.#premises.readyTimeoutMs();
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
    const isFull = await this.#observe(leaseId, signal, ({ libvirt }, { domain }) =>
      lacksRoom(libvirt, domain),
    ).catch(() => false);
    await this.destroy(leaseId);
    if (isFull) throw diskFull(`the machine of lease ${leaseId}`);
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
    return this.#premises.look(`inspecting lease ${leaseId}`, signal, async (libvirt) => {
      const names = await namesOf(libvirt, this.#premises.place, leaseId);
      const found = await findMachine(libvirt, names);
      return found && machineState(libvirt, names, found);
    });
  }

  list(signal?: AbortSignal): Promise<MachineState[]> {
    return this.#premises.look('listing machines', signal, (libvirt) =>
      listMachines(libvirt, this.#premises.place),
    );
  }

  prepare(wishes: readonly WarmWish[], signal?: AbortSignal): Promise<void> {
    const what = 'booting machines ahead';
    return limited({ what, timeoutMs: PREPARE_LIMIT_MS, signal }, (inner) =>
      this.#premises.session.use(what, inner, async (libvirt) => {
        if (wishes.length > 0) await this.#premises.assertIsolation(libvirt);
        await this.#premises.prepareDirectories();
        await this.#pool.prepare(libvirt, wishes, inner);
      }),
    );
  }

  async guard(signal?: AbortSignal): Promise<void> {
    const { place, isOpen } = this.#premises;
    const filters = (): Promise<void> => (isOpen ? Promise.resolve() : this.#guardFilters(signal));
    await everyOne([() => boundConsoleLogs(place), filters], (look) => look());
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
      const entry = await this.#premises.image(image);
      checkMinimum(entry, found.metadata.now.spec);
      await reinstall(site, found, entry);
    });
  }

  resize(leaseId: string, spec: MachineSpec, signal?: AbortSignal): Promise<void> {
    return this.#changeFound('resizing', leaseId, signal, async (site, found) => {
      checkResize(found.metadata.now.spec, spec);
      await this.#premises.checkOffer(found.metadata.now.image, spec);
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
    return this.#premises.session.close();
  }

  async #guardFilters(signal: AbortSignal | undefined): Promise<void> {
    const { place, modules } = this.#premises;
    const look = async (libvirt: Libvirt, inner: AbortSignal): Promise<[string[], FilterRules?]> => {
      const leases = await leasesOf(libvirt, place);
      return leases.length > 0 ? [leases, await FilterRules.read(modules.run, inner)] : [leases];
    };
    const [leases, rules] = await this.#premises.look('guarding machines', signal, look);
    // Whoever is at work on a machine for long has its link pulled, or is about to let it go; the others don't wait for that.
    const idle = leases.filter((leaseId) => !this.#locks.isBusy(leaseId));
    await everyOne(idle, (leaseId) =>
      this.#change('guarding', leaseId, signal, (site) => guardMachine(site, rules)),
    );
  }

  /** Names of a machine for the order: one that was booted ahead, or the names of one to be made. */
  async #claim({ libvirt, names, signal }: Site, order: MachineOrder): Promise<MachineNames> {
    const image = await this.#premises.image(order.image);
    await this.#premises.checkOffer(image, order.spec);
    const claimed = await this.#pool.claim(libvirt, { order, image }, signal);
    if (claimed === undefined) await this.#pool.makeRoom(libvirt, order.spec, signal);
    return claimed ?? names;
  }

  /** Looks at a machine without waiting for what is done to it. */
  #observe<T>(leaseId: string, signal: AbortSignal | undefined, task: Task<T>): Promise<T> {
    checkLeaseId(leaseId);
    return this.#premises.look(`lease ${leaseId}`, signal, async (libvirt, inner) =>
      this.#withFound(await this.#premises.site(libvirt, leaseId, inner), leaseId, task),
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
    const timeoutMs = CHANGE_LIMIT_MS + this.#premises.graceMs;
    const work = (inner: AbortSignal): Promise<T> =>
      this.#premises.session.use(title, inner, async (libvirt) => {
        if (isolate) await this.#premises.assertIsolation(libvirt);
        return task(await this.#premises.site(libvirt, leaseId, inner));
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
}

type Task<T> = (site: Site, found: FoundMachine) => Promise<T>;
