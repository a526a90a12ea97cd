import type { Duplex } from 'node:stream';

/** What a renter orders: whole cores, mebibytes of memory, gibibytes of disk. */
export type MachineSpec = { cpuCores: number; memoryMib: number; diskGib: number };

/** One machine to make. The lease id is the key under which everything is found again. */
export type MachineOrder = {
  leaseId: string;
  spec: MachineSpec;
  image: string;
  /** Public keys in OpenSSH's one-line format; these and no others may log in. */
  sshPublicKeys: readonly string[];
};

/** So many machines of an image, booted before anybody orders them. The disk grows to what an order says. */
export type WarmWish = { image: string; spec: MachineSpec; count: number };

export type DriverKind = 'libvirt' | 'docker' | 'process';

/** How strongly a machine is separated from its host, as told on chain. */
export type Virtualization = 'Kvm' | 'Emulated' | 'Container' | 'Process';

/** Whether the machine is meant to run: "stopped" only after its renter stopped it. Survives everything but `destroy`. */
export type WantedPower = 'running' | 'stopped';

/** A machine as the hypervisor sees it now; resources are what it really has. */
export type MachineState = MachineSpec & {
  leaseId: string;
  image: string;
  running: boolean;
  wanted: WantedPower;
  /** It was begun and never noted, or is half removed: there is something to destroy, and no machine. */
  unfinished?: true;
};

/**
 * `starting`: it runs, but SSH does not answer yet. `failed`: it should run and does not; `why` is a sentence.
 */
export type MachineStatus = { state: 'running' | 'starting' | 'stopped' } | { state: 'failed'; why: string };

/** Counters begin anew when the machine starts. A part that is not this machine's alone is undefined. */
export type MachineMetrics = {
  /** When this was measured, ms since 1970. */
  at: number;
  /** CPU time in ns; `percent` of one core over the last quarter of a second: two busy cores are 200. */
  cpu: { timeNs: bigint; percent: number };
  /** Bytes of the host's memory that the machine takes now, and all that it may take. */
  memory: { usedBytes: number; limitBytes: number };
  /** Bytes that the disk takes on the host, its size, and what was read and written. */
  disk: { usedBytes: number; sizeBytes: number; readBytes?: number; writtenBytes?: number };
  network: { receivedBytes: number; sentBytes: number } | undefined;
};

/** When changed keys count: at once, or from the machine's next start on. */
export type KeysEffect = 'now' | 'next-start';

export type Machine = { leaseId: string; endpoint: Endpoint };

/** Where the machine's SSH server is reached from the host, and the name to log in with. */
export type Endpoint = { host: string; port: number; user: string };

export type Capacity = MachineSpec & { virtualization: Virtualization; cpuModel: string };

export type ImageInfo = {
  name: string;
  version: string;
  loginUser: string;
  minMemoryMib: number;
  minDiskGib: number;
};

/** `required` checks decide whether the driver may serve; `advice` only informs. */
export type SelfTestCheck = { name: string; passed: boolean; level: 'required' | 'advice'; detail: string };

export type SelfTestReport = { passed: boolean; checks: SelfTestCheck[] };

/**
 * Makes and removes machines. Every method may be repeated after a crash at any moment: the truth is what the
 * host holds, never what this process remembers. Every method ends in bounded time (`TimedOut`), and at once when
 * `signal` fires, with its reason. Methods throw `MachineError`.
 *
 * What is on a machine's disk survives everything but `reinstall` and `destroy`.
 */
export type MachineDriver = {
  readonly kind: DriverKind;
  selfTest(signal?: AbortSignal): Promise<SelfTestReport>;
  /** All that this host could give, machines that already run included. */
  capacity(signal?: AbortSignal): Promise<Capacity>;
  images(signal?: AbortSignal): Promise<ImageInfo[]>;
  /**
   * Makes and starts the machine of `order`, or continues where an interrupted call stopped. Where one was booted ahead
   * that fits, it is given to this order and no other.
   */
  create(order: MachineOrder, signal?: AbortSignal): Promise<Machine>;
  /**
   * Resolves when SSH answers, with the host key the server proved to hold ("ssh-ed25519 AAAA…").
   * A machine that misses the deadline is destroyed and `BootFailed` thrown; an abort leaves it alone.
   */
  waitReady(leaseId: string, signal?: AbortSignal): Promise<{ hostKey: string }>;
  endpoint(leaseId: string, signal?: AbortSignal): Promise<Endpoint>;
  /**
   * Brings the machines that were booted ahead to what is wished for: boots what is missing while there is room, and throws
   * away what is too much, unfinished, or of an image that changed. To be called again after orders and from time to
   * time; with no wishes it leaves none. They are nobody's and not listed; an order that needs their room gets it.
   * Drivers whose machines start at once have no such thing (docs/adr/027-no-containers-ahead.md).
   */
  prepare?(wishes: readonly WarmWish[], signal?: AbortSignal): Promise<void>;
  inspect(leaseId: string, signal?: AbortSignal): Promise<MachineState | undefined>;
  /** Every machine of this driver and chain on this host, in any state. */
  list(signal?: AbortSignal): Promise<MachineState[]>;
  /**
   * Looks whether all that keeps running machines from their host is still in force, and puts back what is not; empties what
   * they fill of its disk beyond their own. To be called from time to time: other programs change a host's firewall. Throws
   * for the first machine that could not be guarded, after all were tried.
   */
  guard?(signal?: AbortSignal): Promise<void>;
  status(leaseId: string, signal?: AbortSignal): Promise<MachineStatus>;
  metrics(leaseId: string, signal?: AbortSignal): Promise<MachineMetrics>;
  /** Asks the system to power off, and pulls the plug when it takes too long. The machine stays wanted "stopped". */
  stop(leaseId: string, signal?: AbortSignal): Promise<void>;
  /** The machine is wanted "running" from now on, and started unless it runs. */
  start(leaseId: string, signal?: AbortSignal): Promise<void>;
  /** Powers off as `stop` does, and on again. Throws `MachineStopped`. */
  reboot(leaseId: string, signal?: AbortSignal): Promise<void>;
  /** Presses the reset button: nothing is asked and nothing saved. Throws `MachineStopped`. */
  reset(leaseId: string, signal?: AbortSignal): Promise<void>;
  /** A new disk with `image` on it, and a start. All data is lost; keys, address and resources stay. */
  reinstall(leaseId: string, image: string, signal?: AbortSignal): Promise<void>;
  /**
   * Other resources, within the capacity. A disk only grows. A machine that runs is rebooted when the driver cannot
   * change it as it runs. Throws `InvalidOrder` or `InsufficientCapacity` and changes nothing.
   */
  resize(leaseId: string, spec: MachineSpec, signal?: AbortSignal): Promise<void>;
  /** These keys and no others, of those that the driver brought, may log in. */
  setSshKeys(leaseId: string, sshPublicKeys: readonly string[], signal?: AbortSignal): Promise<KeysEffect>;
  /** The keys of before and this one. */
  addSshKey(leaseId: string, sshPublicKey: string, signal?: AbortSignal): Promise<KeysEffect>;
  /** The serial console, or what comes nearest: bytes both ways until either side ends. Throws `MachineStopped`. */
  console(leaseId: string, signal?: AbortSignal): Promise<Duplex>;
  /** Removes the machine, its disk and its network. Nothing to remove is success. */
  destroy(leaseId: string, signal?: AbortSignal): Promise<void>;
  /** Lets go of sockets and timers; machines keep running. */
  close(): Promise<void>;
};
