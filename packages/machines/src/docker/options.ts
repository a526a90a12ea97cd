import type { MachineSpec } from '../driver.ts';
import type { CommandRunner } from '../host/run-command.ts';
import type { ImageCatalogue } from '../images/catalogue.ts';

export type DockerDriverOptions = {
  /** What tells this chain from others, such as its genesis hash; machines of other chains are not touched. */
  chain: string;
  /** Images, records and disks. */
  stateDir?: string;
  /** Docker's socket; default that of the system's daemon. */
  socketPath?: string;
  /** What to offer, when it is not all of the host. */
  capacity?: Partial<MachineSpec>;
  limits?: Partial<ContainerLimits>;
  /** "auto" takes gVisor's runsc where the daemon has it and it was seen to work. */
  runtime?: 'auto' | 'runc' | 'runsc';
  /** How long a machine may take until SSH answers; default 1 minute. */
  readyTimeoutMs?: number;
  /** How long a machine that is stopped gets to end by itself. */
  stopGraceMs?: number;
  /** Private ranges to cut one /24 for each machine out of. */
  subnetPools?: readonly string[];
  /** Resolvers that machines ask; private addresses are closed to them. */
  dnsServers?: readonly string[];
};

/**
 * Caps beyond those that are ordered: processes of one machine, bytes of its files in memory, what its disk gives and takes
 * in a second, and its traffic, each way.
 */
export type ContainerLimits = {
  processes: number;
  temporaryMib: number;
  diskIops: number;
  diskBytesPerSecond: number;
  networkMbit: number;
};

/** What the driver works through; tests hand in their own. */
export type DockerDriverModules = { run: CommandRunner; catalogue: ImageCatalogue };

export const DEFAULT_SOCKET = '/var/run/docker.sock';
export const DEFAULT_LIMITS: ContainerLimits = {
  processes: 1024,
  temporaryMib: 64,
  diskIops: 5_000,
  diskBytesPerSecond: 400 * 1024 ** 2,
  networkMbit: 1_000,
};
export const DEFAULT_POOLS = ['10.78.0.0/16', '172.31.0.0/16'] as const;
export const DEFAULT_DNS = ['9.9.9.9', '1.1.1.1'] as const;
