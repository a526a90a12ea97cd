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

export type DriverKind = 'libvirt' | 'docker' | 'process';

/** How strongly a machine is separated from its host, as told on chain. */
export type Virtualization = 'Kvm' | 'Emulated' | 'Container' | 'Process';

/** A machine as the hypervisor sees it now; resources are what it really has. */
export type MachineState = MachineSpec & { leaseId: string; image: string; running: boolean };

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
 * host holds, never what this process remembers. Methods throw `MachineError`.
 */
export type MachineDriver = {
  readonly kind: DriverKind;
  selfTest(signal?: AbortSignal): Promise<SelfTestReport>;
  /** All that this host could give, machines that already run included. */
  capacity(): Promise<Capacity>;
  images(): Promise<ImageInfo[]>;
  /** Makes and starts the machine of `order`, or continues where an interrupted call stopped. */
  create(order: MachineOrder, signal?: AbortSignal): Promise<Machine>;
  /**
   * Resolves when SSH answers, with the host key the server proved to hold ("ssh-ed25519 AAAA…").
   * A machine that misses the deadline is destroyed and `BootFailed` thrown; an abort leaves it alone.
   */
  waitReady(leaseId: string, signal?: AbortSignal): Promise<{ hostKey: string }>;
  endpoint(leaseId: string): Promise<Endpoint>;
  inspect(leaseId: string): Promise<MachineState | undefined>;
  /** Every machine of this driver and chain on this host, in any state. */
  list(): Promise<MachineState[]>;
  /** Ends the running system and keeps its disk. */
  stop(leaseId: string): Promise<void>;
  start(leaseId: string): Promise<void>;
  /** Removes the machine, its disk and its network. Nothing to remove is success. */
  destroy(leaseId: string): Promise<void>;
  /** Lets go of sockets and timers; machines keep running. */
  close(): Promise<void>;
};
