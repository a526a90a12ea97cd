import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { MachineOrder, WarmWish } from '../../src/index.ts';

const PROVIDER = fileURLToPath(new URL('killed-provider.ts', import.meta.url));

export type KilledProvider = {
  chain: string;
  stateDir: string;
  /** Directory of the images. */
  catalogue: string;
  prepare?: WarmWish;
  create?: MachineOrder;
  /** Path of a call of the libvirt client, such as "domains.resume": the process is killed as soon as it is answered. */
  lastCall: string;
};

/** Runs a driver in a process of its own until that is killed; resolves with the signal that ended it, or null. */
export async function killProvider(task: KilledProvider): Promise<NodeJS.Signals | null> {
  const child = spawn(process.execPath, [PROVIDER, JSON.stringify(task)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return signal;
}
