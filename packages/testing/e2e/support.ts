import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { anyPorts, LocalNetwork, type CommandResult, type NetworkOptions } from '../src/index.ts';

/** A network in a throw-away directory; dispose of it to end everything. */
export async function startNetwork(
  options: Pick<NetworkOptions, 'driver' | 'images'> & { readonly dapp?: boolean },
): Promise<LocalNetwork & AsyncDisposable> {
  const directory = await mkdtemp(join(tmpdir(), 'hamster-e2e-'));
  const network = new LocalNetwork({ directory, ports: await anyPorts(), dapp: false, ...options });
  await network.start(AbortSignal.timeout(120_000));
  return Object.assign(network, {
    async [Symbol.asyncDispose]() {
      await network.stop();
      await rm(directory, { recursive: true, force: true });
    },
  });
}

/** The standard output of a command that must have succeeded. */
export function outputOf({ code, stdout, stderr }: CommandResult): string {
  expect(code, `${stdout}${stderr}`).toBe(0);
  return stdout;
}

export const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
export const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty';
