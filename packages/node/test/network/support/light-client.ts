import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { getSmProvider } from 'polkadot-api/sm-provider';
import { createClient, type PolkadotClient } from 'polkadot-api';
import { start, type Client } from 'smoldot';
import type { NodeProcess } from '../../clients/support/node-process.ts';

const MAIN = fileURLToPath(new URL('../../../../../apps/node/src/main.ts', import.meta.url));

/** Addresses under which a node process is reached by peers, from its log. */
function addressesOf(node: NodeProcess): readonly string[] {
  for (const line of node.lines) {
    const entry = JSON.parse(line) as { msg: string; addresses?: string[] };
    if (entry.msg === 'listening for peers' && entry.addresses) return entry.addresses;
  }
  throw new RangeError('The node does not listen for peers');
}

export const wsAddressOf = (node: NodeProcess): string =>
  addressesOf(node).find((address) => address.includes('/ws')) ?? '';

export const tcpAddressOf = (node: NodeProcess): string =>
  addressesOf(node).find((address) => !address.includes('/ws')) ?? '';

/** Runs a command of hamster-node; answers what it prints. */
export async function hamsterNode(...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN, ...args], { maxBuffer: 1 << 26 });
  return stdout;
}

/** What `hamster-node build-spec --raw` prints, with the addresses of nodes in it. */
export function rawSpec(flags: readonly string[], bootnodes: readonly string[]): Promise<string> {
  const named = bootnodes.flatMap((address) => ['--bootnode', address]);
  return hamsterNode('build-spec', '--raw', ...flags, ...named);
}

export interface LightClient {
  readonly papi: PolkadotClient;
  /** What it complained about, at level warn and worse. */
  readonly complaints: readonly string[];
  stop(): Promise<void>;
}

/** Unmodified smoldot on a chain spec, and polkadot-api on it. */
export function lightClient(chainSpec: string): LightClient {
  const complaints: string[] = [];
  const smoldot: Client = start({
    maxLogLevel: 2,
    forbidTcp: true,
    logCallback: (_level, target, message) => void complaints.push(`${target}: ${message}`),
  });
  const papi = createClient(getSmProvider(() => smoldot.addChain({ chainSpec })));
  return {
    papi,
    complaints,
    async stop() {
      papi.destroy();
      await smoldot.terminate();
    },
  };
}
