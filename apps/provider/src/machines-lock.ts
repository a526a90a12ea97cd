import { DaemonError, lockName, type NameLock } from '@hamster/daemon';
import type { Config } from './config.ts';

/**
 * Makes this process the only one of the host that has machines of a chain made by a driver. Machines are named after chain and lease,
 * so that a daemon finds its own again; another provider of the same chain would take them for leftovers, and destroy what is paid.
 * Nothing to do for the process driver, whose machines are in the home. Throws `MACHINES_IN_USE`.
 */
export async function lockMachines(
  { driver }: Pick<Config, 'driver'>,
  genesisHash: string,
): Promise<NameLock | undefined> {
  if (driver === 'process') return undefined;
  const name = `hamster-machines-${driver}-${genesisHash}`;
  return lockName(
    name,
    (cause) =>
      new DaemonError(
        'MACHINES_IN_USE',
        `Another provider has its machines made by ${driver} on this host, for the same chain: each would take those of the other for leftovers and destroy them. Stop that one first, or let one daemon offer all of the host. \`sudo ss -xlp | grep ${name}\` shows which process it is.`,
        { cause, fault: 'user' },
      ),
  );
}
