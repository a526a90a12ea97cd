import type { Libvirt } from '@hamster/libvirt';
import type { MachineSpec } from '../driver.ts';
import type { CommandRunner } from '../host/run-command.ts';
import type { ImageCatalogue } from '../images/catalogue.ts';

export type LibvirtDriverOptions = {
  /** What tells this chain from others, such as its genesis hash; machines of other chains are not touched. */
  chain: string;
  /** Images, disks and console logs; the hypervisor's account must be able to pass through. */
  stateDir?: string;
  /** libvirt's socket; default that of the system's daemon. */
  socketPath?: string;
  /** "auto" uses KVM where a self-test proves that it works, else emulation. */
  acceleration?: 'auto' | 'emulated';
  /** Serve although guests cannot be kept from the host's network. For tests only. */
  allowUnfiltered?: boolean;
  /** What to offer, when it is not all of the host. */
  capacity?: Partial<MachineSpec>;
  limits?: Partial<MachineLimits>;
  /** How long a machine may take until SSH answers; default 2 minutes, 10 when emulated. */
  readyTimeoutMs?: number;
  /** How long a machine that is stopped gets to shut down by itself. */
  stopGraceMs?: number;
  emulator?: string;
  /** Private ranges to cut one /24 for each machine out of. */
  subnetPools?: readonly string[];
  /** Told what went wrong and was made good, in a sentence: its operator may want to know why something took longer. */
  onWarning?: (leaseId: string, text: string) => void;
};

/** Caps that the hypervisor enforces beyond those that are ordered. */
export type MachineLimits = { diskIops: number; diskBytesPerSecond: number; networkMbit: number };

/** What the driver works through; tests hand in their own. */
export type LibvirtDriverModules = {
  connect(signal?: AbortSignal): Promise<Libvirt>;
  run: CommandRunner;
  catalogue: ImageCatalogue;
};

export const SSH_PORT = 22;
export const DEFAULT_EMULATOR = '/usr/bin/qemu-system-x86_64';
export const DEFAULT_LIMITS: MachineLimits = {
  diskIops: 5_000,
  diskBytesPerSecond: 400 * 1024 * 1024,
  networkMbit: 1_000,
};
export const DEFAULT_POOLS = ['10.77.0.0/16', '172.30.0.0/16', '192.168.128.0/17'] as const;
