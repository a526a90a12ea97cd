import { DaemonError, EXIT_USAGE, type Logger } from '@hamster/daemon';
import {
  createDockerDriver,
  createLibvirtDriver,
  createProcessDriver,
  type MachineDriver,
} from '@hamster/machines';
import { join } from 'node:path';
import type { Config } from './config.ts';
import { chainHome } from './home.ts';

/** Which chain the machines belong to: leases of different chains have the same numbers. */
export interface DriverChain {
  readonly genesisHash: string;
  readonly type: string;
}

/** The driver that the config asks for. Throws when it may not be used on this chain. */
export function openDriver(config: Config, chain: DriverChain, log?: Logger): MachineDriver {
  if (config.driver === 'process') return processDriver(config, chain);
  if (config.driver === 'docker') return createDockerDriver({ chain: chain.genesisHash });
  const onWarning = (lease: string, reason: string): void => log?.warn({ lease }, reason);
  return createLibvirtDriver({ chain: chain.genesisHash, onWarning });
}

function processDriver(config: Config, chain: DriverChain): MachineDriver {
  if (chain.type !== 'Development') {
    throw new DaemonError(
      'DRIVER_REFUSED',
      `The process driver isolates nothing, so it serves development chains only, and this chain is of type ${chain.type}. Use --driver libvirt.`,
      { exitCode: EXIT_USAGE },
    );
  }
  return createProcessDriver({ stateDir: join(chainHome(config.home, chain.genesisHash), 'machines') });
}
