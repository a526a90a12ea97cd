import { DaemonError, EXIT_USAGE } from '@hamster/daemon';
import { createProcessDriver, type MachineDriver } from '@hamster/machines';
import { join } from 'node:path';
import type { Config } from './config.ts';

/** Which chain the machines belong to: leases of different chains have the same numbers. */
export interface DriverChain {
  readonly genesisHash: string;
  readonly type: string;
}

/** The driver that the config asks for. Throws when it may not be used on this chain. */
export function openDriver(config: Config, chain: DriverChain): MachineDriver {
  return processDriver(config, chain);
}

/** Where everything about one chain is kept, so that a chain that was started afresh finds no old machines. */
export function chainHome(home: string, genesisHash: string): string {
  return join(home, 'chains', genesisHash.slice(2, 18));
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
