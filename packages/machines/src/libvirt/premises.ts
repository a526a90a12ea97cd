import { join } from 'node:path';
import { connectLibvirt } from '@hamster/libvirt';
import type { Libvirt } from '@hamster/libvirt';
import type { MachineSpec, SelfTestReport } from '../driver.ts';
import { KeyedLock } from '../host/keyed-lock.ts';
import { limited } from '../host/limited.ts';
import { offeredResources } from '../host/offered-resources.ts';
import { runCommand } from '../host/run-command.ts';
import { chooseSubnet } from '../host/subnets.ts';
import type { Subnet } from '../host/subnets.ts';
import { imageCatalogue } from '../images/catalogue.ts';
import type { ImageEntry, MachineImage } from '../images/entry.ts';
import { machineImage } from '../images/select.ts';
import { checkFits } from '../offer.ts';
import { DEFAULT_STATE_DIR } from '../options.ts';
import { AccelerationJudge } from './acceleration.ts';
import { prepareDirectories } from './console-log.ts';
import type { Acceleration } from './domain-xml.ts';
import { requireIsolation } from './isolation.ts';
import { allMachines, namesOf } from './locate.ts';
import type { Place } from './locate.ts';
import type { MachineNames } from './names.ts';
import { DEFAULT_EMULATOR, DEFAULT_LIMITS, DEFAULT_POOLS } from './options.ts';
import type { LibvirtDriverModules, LibvirtDriverOptions } from './options.ts';
import { libvirtSelfTest } from './self-test.ts';
import { LibvirtSession } from './session.ts';
import { Shaping } from './shaping.ts';
import { takenRanges } from './subnets.ts';
import type { Site, Workshop } from './workshop.ts';

const READY_TIMEOUT_MS = { kvm: 120_000, emulated: 600_000 };
const STOP_GRACE_MS = 30_000;
const LOOK_LIMIT_MS = 60_000;

/** What there is at this host to work with: its hypervisor, what of it may be sold, images, addresses, and whether guests are kept in. */
export class Premises {
  readonly place: Place;
  readonly session: LibvirtSession;
  readonly modules: LibvirtDriverModules;
  readonly #options: LibvirtDriverOptions;
  readonly #stateDir: string;
  readonly #emulator: string;
  readonly #addressLock = new KeyedLock();
  readonly #shaping = new Shaping();
  readonly #judge: AccelerationJudge;
  #isolated = false;

  constructor(options: LibvirtDriverOptions, modules: Partial<LibvirtDriverModules>) {
    const { socketPath } = options;
    this.#options = options;
    this.#stateDir = options.stateDir ?? DEFAULT_STATE_DIR;
    this.#emulator = options.emulator ?? DEFAULT_EMULATOR;
    this.modules = {
      connect: () => connectLibvirt(socketPath === undefined ? {} : { socketPath }),
      run: runCommand,
      catalogue: imageCatalogue(join(this.#stateDir, 'catalogue')),
      ...modules,
    };
    this.#judge = new AccelerationJudge({
      emulator: this.#emulator,
      catalogue: this.modules.catalogue,
      wish: options.acceleration,
    });
    this.session = new LibvirtSession(this.modules.connect);
    this.place = { chain: options.chain, stateDir: this.#stateDir };
  }

  /** Whether guests are let at the network of their host, which only tests want. */
  get isOpen(): boolean {
    return this.#options.allowUnfiltered ?? false;
  }

  get graceMs(): number {
    return this.#options.stopGraceMs ?? STOP_GRACE_MS;
  }

  async readyTimeoutMs(): Promise<number> {
    return this.#options.readyTimeoutMs ?? READY_TIMEOUT_MS[await this.acceleration()];
  }

  acceleration(): Promise<Acceleration> {
    return this.#judge.acceleration();
  }

  selfTest(): Promise<SelfTestReport> {
    this.#judge.forget();
    return libvirtSelfTest({
      connect: () => this.look('connecting', undefined, (libvirt) => Promise.resolve(libvirt)),
      catalogue: this.modules.catalogue,
      run: this.modules.run,
      stateDir: this.#stateDir,
      emulator: this.#emulator,
      allowUnfiltered: this.isOpen,
      shaping: this.#shaping,
      kvm: () => this.#judge.verdict(),
    });
  }

  /** Asks libvirt something that takes no long. */
  look<T>(
    what: string,
    signal: AbortSignal | undefined,
    task: (libvirt: Libvirt, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    return limited({ what, timeoutMs: LOOK_LIMIT_MS, signal }, (inner) =>
      this.session.use(what, inner, (libvirt) => task(libvirt, inner)),
    );
  }

  async site(libvirt: Libvirt, leaseId: string, signal: AbortSignal): Promise<Site> {
    return this.siteAt(libvirt, await namesOf(libvirt, this.place, leaseId), signal);
  }

  siteAt(libvirt: Libvirt, names: MachineNames, signal: AbortSignal): Site {
    return { workshop: this.#workshop(), libvirt, names, signal, verified: new Map() };
  }

  image(name: string): Promise<MachineImage> {
    return machineImage(this.modules.catalogue, name);
  }

  prepareDirectories(): Promise<void> {
    return prepareDirectories(this.#stateDir);
  }

  /** All that may be sold of this host. */
  async offered(): Promise<MachineSpec> {
    await this.prepareDirectories();
    return { ...(await offeredResources(join(this.#stateDir, 'disks'))), ...this.#options.capacity };
  }

  async checkOffer(image: ImageEntry, spec: MachineSpec): Promise<void> {
    checkFits(image, spec, await this.offered());
  }

  async assertIsolation(libvirt: Libvirt): Promise<void> {
    if (this.#isolated || this.isOpen) return;
    await requireIsolation(libvirt);
    this.#isolated = true;
  }

  #workshop(): Workshop {
    return {
      modules: this.modules,
      limits: { ...DEFAULT_LIMITS, ...this.#options.limits },
      emulator: this.#emulator,
      filtered: this.#isolated,
      graceMs: this.graceMs,
      acceleration: () => this.acceleration(),
      withSubnet: (libvirt, refused, define) => this.#withSubnet(libvirt, refused, define),
      shaping: this.#shaping,
      warn: (leaseId, text) => this.#options.onWarning?.(leaseId, text),
    };
  }

  // One at a time: the choice is visible to the next one only when it is defined.
  #withSubnet<T>(
    libvirt: Libvirt,
    refused: readonly string[],
    define: (subnet: Subnet) => Promise<T>,
  ): Promise<T> {
    return this.#addressLock.run('subnet', async () => {
      const addresses = (await allMachines(libvirt, this.place)).map(({ metadata }) => metadata.address);
      const pools = this.#options.subnetPools ?? DEFAULT_POOLS;
      return define(chooseSubnet(pools, await takenRanges(libvirt, [...addresses, ...refused])));
    });
  }
}
