import { createHash } from 'node:crypto';
import { join } from 'node:path';

/** Where one machine's files are, all inside `root`, which only the daemon's account can enter. */
export type MachineLayout = {
  root: string;
  /** The order as accepted, and whether the machine is meant to run. */
  record: string;
  hostKey: string;
  /** Written by the server once it listens. */
  status: string;
  log: string;
  home: string;
  /** A home on its way out. */
  discarded: string;
  /** In the environment of every process of the machine, so that all of them can be found again. */
  mark: string;
};

export const MARK_VARIABLE = 'HAMSTER_MACHINE';

export function machineLayout(root: string): MachineLayout {
  return {
    root,
    record: join(root, 'machine.json'),
    hostKey: join(root, 'ssh_host_ed25519_key'),
    status: join(root, 'server.json'),
    log: join(root, 'server.log'),
    home: join(root, 'home'),
    discarded: join(root, 'discarded'),
    mark: createHash('sha256').update(root).digest('hex').slice(0, 32),
  };
}
