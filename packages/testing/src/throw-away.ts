import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ends } from './ends.ts';
import { LocalNetwork } from './local-network.ts';
import { anyPorts, type NetworkOptions } from './network-options.ts';

/** A running network in a directory of its own, on ports of its own; dispose of it to end everything. */
export async function throwAwayNetwork(
  options: Pick<NetworkOptions, 'driver' | 'images' | 'chainSpec' | 'providerFlags' | 'swarmKey'> & {
    readonly dapp?: boolean;
  },
): Promise<LocalNetwork & AsyncDisposable> {
  const ends = new Ends();
  const directory = await mkdtemp(join(tmpdir(), 'hamster-network-'));
  ends.defer(() => rm(directory, { recursive: true, force: true }));
  const network = new LocalNetwork({ directory, ports: await anyPorts(), dapp: false, ...options });
  ends.defer(() => network.stop());
  try {
    await network.start(AbortSignal.timeout(START_MS));
  } catch (error) {
    await ends.all().catch(() => undefined);
    throw error;
  }
  return Object.assign(network, { [Symbol.asyncDispose]: () => ends.all() });
}

const START_MS = 120_000;
