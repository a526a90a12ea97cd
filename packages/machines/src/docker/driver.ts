import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
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
  SelfTestReport,
} from '../driver.ts';
import { MachineError, machineNotFound, machineStopped } from '../errors.ts';
import { isMissing, privateDirectory } from '../host/files.ts';
import { hostCpuModel } from '../host/host-resources.ts';
import { KeyedLock } from '../host/keyed-lock.ts';
import { limited } from '../host/limited.ts';
import { offeredResources } from '../host/offered-resources.ts';
import { runCommand } from '../host/run-command.ts';
import { imageCatalogue } from '../images/catalogue.ts';
import type { ContainerImage } from '../images/entry.ts';
import { infoOf, isContainerImage } from '../images/select.ts';
import { checkFits, checkMinimum } from '../offer.ts';
import { DEFAULT_STATE_DIR } from '../options.ts';
import { checkLeaseId, checkOrder, checkResize, orderConflict, sameOrder, withKey } from '../order.ts';
import { waitForSsh } from '../ssh/wait-for-ssh.ts';
import { Engine, openTerminal } from './engine.ts';
import { destroy, reinstall, resize, restart, setKeys, start, stop } from './life.ts';
import { containerNames, machinesDir } from './names.ts';
import { addressOf, lastWords, metricsOf, SSH_PORT, stateOf, statusOf } from './observe.ts';
import { DEFAULT_DNS, DEFAULT_LIMITS, DEFAULT_POOLS, DEFAULT_SOCKET } from './options.ts';
import type { DockerDriverModules, DockerDriverOptions } from './options.ts';
import type { ContainerRecord } from './record.ts';
import { readRecord } from './record.ts';
import { RuntimeJudge } from './runtime.ts';
import { dockerSelfTest } from './self-test.ts';
import type { Site, Workshop } from './site.ts';
import { containerOf, inspectContainer } from './site.ts';
import { Volumes } from './volume.ts';

const READY_TIMEOUT_MS = 60_000;
const STOP_GRACE_MS = 10_000;
const LOOK_LIMIT_MS = 30_000;
/** Beyond what the machine gets to end by itself: importing or pulling an image, making a disk. */
const CHANGE_LIMIT_MS = 300_000;
const SHELL = ['/bin/sh', '-l'];

/**
 * Machines that are containers. They share the host's kernel, which is a weaker wall than a virtual machine's; the offer
 * says so.
 */
export function createDockerDriver(
  options: DockerDriverOptions,
  modules: Partial<DockerDriverModules> = {},
): MachineDriver {
  return new DockerDriver(options, modules);
}

class DockerDriver implements MachineDriver {
  readonly kind = 'docker';
  readonly #options: DockerDriverOptions;
  readonly #stateDir: string;
  readonly #modules: DockerDriverModules;
  readonly #engine: Engine;
  readonly #judge: RuntimeJudge;
  readonly #locks = new KeyedLock();

  constructor(options: DockerDriverOptions, modules: Partial<DockerDriverModules>) {
    this.#options = options;
    this.#stateDir = options.stateDir ?? DEFAULT_STATE_DIR;
    const catalogue = imageCatalogue(join(this.#stateDir, 'catalogue'));
    this.#modules = { run: runCommand, catalogue, ...modules };
    this.#engine = new Engine(options.socketPath ?? DEFAULT_SOCKET);
    this.#judge = new RuntimeJudge(this.#engine.api, options.runtime ?? 'auto');
  }

  selfTest(signal?: AbortSignal): Promise<SelfTestReport> {
    const limit = { what: 'the self-test', timeoutMs: CHANGE_LIMIT_MS, signal };
    return limited(limit, (inner) =>
      dockerSelfTest({
        engine: this.#engine,
        judge: this.#judge,
        modules: this.#modules,
        directory: join(this.#stateDir, 'containers'),
        signal: inner,
      }),
    );
  }

  async capacity(): Promise<Capacity> {
    return { ...(await this.#offered()), virtualization: 'Container', cpuModel: hostCpuModel() };
  }

  async images(): Promise<ImageInfo[]> {
    return (await this.#modules.catalogue.list()).filter(isContainerImage).map(infoOf);
  }

  create(order: MachineOrder, signal?: AbortSignal): Promise<Machine> {
    checkOrder(order);
    const { leaseId } = order;
    return this.#change('creating', leaseId, signal, async (site) => {
      const found = await readRecord(site.names.record);
      if (found && !sameOrder(found.order, order)) throw orderConflict(leaseId);
      const record = found?.phase === 'ready' ? found : await this.#newRecord(order);
      await privateDirectory(this.#machinesDir());
      // Docker's daemon and the container's root pass through to what is mounted.
      await mkdir(site.names.control, { recursive: true, mode: 0o755 });
      await start(site, record);
      return { leaseId, endpoint: await this.#endpointOf(site, record) };
    });
  }

  async waitReady(leaseId: string, signal?: AbortSignal): Promise<{ hostKey: string }> {
    const timeoutMs = this.#options.readyTimeoutMs ?? READY_TIMEOUT_MS;
    const endpoint = await this.endpoint(leaseId, signal);
    const hostKey = await waitForSsh({ endpoint, timeoutMs, signal });
    if (hostKey !== undefined) return { hostKey };
    const said = await this.#observe(leaseId, signal, (site) => lastWords(site));
    await this.destroy(leaseId);
    const message = `lease ${leaseId}: no SSH within ${timeoutMs} ms, machine destroyed; it said last: ${said}`;
    throw new MachineError('BootFailed', message);
  }

  endpoint(leaseId: string, signal?: AbortSignal): Promise<Endpoint> {
    return this.#observe(leaseId, signal, (site, record) => this.#endpointOf(site, record));
  }

  inspect(leaseId: string, signal?: AbortSignal): Promise<MachineState | undefined> {
    checkLeaseId(leaseId);
    return this.#look(leaseId, signal, async (site) => {
      const record = await readRecord(site.names.record);
      return record && stateOf(site, record);
    });
  }

  async list(signal?: AbortSignal): Promise<MachineState[]> {
    const leases = await readdir(this.#machinesDir()).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
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
    return this.#observe(leaseId, signal, async (site) => {
      if ((await inspectContainer(site))?.State.Running !== true) throw machineStopped(leaseId);
      return openTerminal(containerOf(site), SHELL);
    });
  }

  stop(leaseId: string, signal?: AbortSignal): Promise<void> {
    return this.#changeFound('stopping', leaseId, signal, stop);
  }

  start(leaseId: string, signal?: AbortSignal): Promise<void> {
    return this.#changeFound('starting', leaseId, signal, start);
  }

  reboot(leaseId: string, signal?: AbortSignal): Promise<void> {
    const graceMs = this.#graceMs();
    return this.#changeFound('rebooting', leaseId, signal, (site, record) => restart(site, record, graceMs));
  }

  reset(leaseId: string, signal?: AbortSignal): Promise<void> {
    return this.#changeFound('resetting', leaseId, signal, (site, record) => restart(site, record, 0));
  }

  reinstall(leaseId: string, image: string, signal?: AbortSignal): Promise<void> {
    return this.#changeFound('reinstalling', leaseId, signal, async (site, record) => {
      const entry = await this.#image(image);
      checkMinimum(entry, record.now.spec);
      await reinstall(site, record, entry);
    });
  }

  resize(leaseId: string, spec: MachineSpec, signal?: AbortSignal): Promise<void> {
    return this.#changeFound('resizing', leaseId, signal, async (site, record) => {
      checkResize(record.now.spec, spec);
      checkFits(record.now.image, spec, await this.#offered());
      await resize(site, record, spec);
    });
  }

  setSshKeys(leaseId: string, keys: readonly string[], signal?: AbortSignal): Promise<KeysEffect> {
    return this.#changeFound('changing the keys of', leaseId, signal, (site, record) =>
      setKeys(site, record, keys),
    );
  }

  addSshKey(leaseId: string, key: string, signal?: AbortSignal): Promise<KeysEffect> {
    return this.#changeFound('adding a key to', leaseId, signal, (site, record) =>
      setKeys(site, record, withKey(record.now.sshPublicKeys, key)),
    );
  }

  destroy(leaseId: string, signal?: AbortSignal): Promise<void> {
    return this.#change('destroying', leaseId, signal, destroy);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #machinesDir(): string {
    return machinesDir(this.#options.chain, this.#stateDir);
  }

  #graceMs(): number {
    return this.#options.stopGraceMs ?? STOP_GRACE_MS;
  }

  async #newRecord(order: MachineOrder): Promise<ContainerRecord> {
    const image = await this.#image(order.image);
    const { spec, sshPublicKeys } = order;
    checkFits(image, spec, await this.#offered());
    return { order, now: { spec, sshPublicKeys, image }, phase: 'building', wanted: 'running' };
  }

  async #image(name: string): Promise<ContainerImage> {
    const entry = await this.#modules.catalogue.get(name);
    if (isContainerImage(entry)) return entry;
    throw new MachineError(
      'ImageUnknown',
      `image ${name} is for virtual machines, and this driver runs containers`,
    );
  }

  async #offered(): Promise<MachineSpec> {
    await privateDirectory(this.#machinesDir());
    return { ...(await offeredResources(this.#machinesDir())), ...this.#options.capacity };
  }

  async #endpointOf(site: Site, { now }: ContainerRecord): Promise<Endpoint> {
    const container = await inspectContainer(site);
    const host = container && addressOf(site, container);
    if (host === undefined) throw machineStopped(site.leaseId);
    return { host, port: SSH_PORT, user: now.image.loginUser };
  }

  #look<T>(leaseId: string, signal: AbortSignal | undefined, task: (site: Site) => Promise<T>): Promise<T> {
    const limit = { what: `looking at the machine of lease ${leaseId}`, timeoutMs: LOOK_LIMIT_MS, signal };
    return limited(limit, (inner) =>
      this.#engine.use(`lease ${leaseId}`, inner, () => task(this.#site(leaseId, inner))),
    );
  }

  #observe<T>(leaseId: string, signal: AbortSignal | undefined, task: Task<T>): Promise<T> {
    checkLeaseId(leaseId);
    return this.#look(leaseId, signal, (site) => withRecord(site, task));
  }

  /** One change of a machine at a time. */
  #change<T>(
    what: string,
    leaseId: string,
    signal: AbortSignal | undefined,
    task: (site: Site) => Promise<T>,
  ): Promise<T> {
    checkLeaseId(leaseId);
    const title = `${what} the machine of lease ${leaseId}`;
    const limit = { what: title, timeoutMs: CHANGE_LIMIT_MS + this.#graceMs(), signal };
    return limited(limit, (inner) =>
      this.#locks.run(
        leaseId,
        () => this.#engine.use(title, inner, () => task(this.#site(leaseId, inner))),
        inner,
      ),
    );
  }

  #changeFound<T>(what: string, leaseId: string, signal: AbortSignal | undefined, task: Task<T>): Promise<T> {
    return this.#change(what, leaseId, signal, (site) => withRecord(site, task));
  }

  #site(leaseId: string, signal: AbortSignal): Site {
    return {
      workshop: this.#workshop(),
      api: this.#engine.api,
      leaseId,
      names: containerNames(this.#options.chain, leaseId, this.#stateDir),
      volumes: new Volumes(this.#modules.run),
      signal,
    };
  }

  #workshop(): Workshop {
    const { chain, limits, subnetPools, dnsServers } = this.#options;
    return {
      chain,
      modules: this.#modules,
      limits: { ...DEFAULT_LIMITS, ...limits },
      pools: subnetPools ?? DEFAULT_POOLS,
      dnsServers: dnsServers ?? DEFAULT_DNS,
      graceMs: this.#graceMs(),
      owner: () => this.#judge.owner(),
      runtime: (tag) => this.#judge.runtime(tag),
    };
  }
}

type Task<T> = (site: Site, record: ContainerRecord) => Promise<T>;

async function withRecord<T>(site: Site, task: Task<T>): Promise<T> {
  const record = await readRecord(site.names.record);
  if (record === undefined) throw machineNotFound(site.leaseId);
  return task(site, record);
}
