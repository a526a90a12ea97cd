import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalNetwork } from './local-network.ts';
import { anyPorts, type NetworkOptions } from './network-options.ts';

/** A running network in a directory of its own, on ports of its own; dispose of it to end everything. */
export async function throwAwayNetwork(
  options: Pick<NetworkOptions, 'driver' | 'images' | 'chainSpec' | 'providerFlags' | 'swarmKey'> & {
    readonly dapp?: boolean;
  },
): Promise<LocalNetwork & AsyncDisposable> {
  const directory = await mkdtemp(join(tmpdir(), 'hamster-network-'));
  const network = new LocalNetwork({ directory, ports: await anyPorts(), dapp: false, ...options });
  await network.start(AbortSignal.timeout(START_MS));
  return Object.assign(network, {
    async [Symbol.asyncDispose]() {
      await network.stop();
      await rm(directory, { recursive: true, force: true });
    },
  });
}

const START_MS = 120_000;
