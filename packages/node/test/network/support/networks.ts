import { generateKeyPair } from '@libp2p/crypto/keys';
import { onTestFinished } from 'vitest';
import {
  startNetwork,
  type ChainAccess,
  type Network,
  type NetworkOptions,
} from '../../../src/network/index.ts';
import { recorder, type Logged } from '../../core/harness.ts';

export interface Joined extends Network {
  readonly lines: Logged[];
  /** Its address for TCP. */
  readonly address: string;
}

const LISTEN = ['/ip4/127.0.0.1/tcp/0', '/ip4/127.0.0.1/tcp/0/ws'];

/** A network on free ports of this machine, left when the test is over. */
export async function join(chain: ChainAccess, options: Partial<NetworkOptions> = {}): Promise<Joined> {
  const { logger, lines } = recorder();
  const network = await startNetwork(
    {
      privateKey: await generateKeyPair('Ed25519'),
      listen: LISTEN,
      role: 'full',
      agent: 'test',
      logger,
      ...options,
      limits: { redialMs: [50, 200], ...options.limits },
    },
    { chain },
  );
  onTestFinished(() => network.close());
  const address = network.addresses().find((each) => !each.includes('/ws'));
  if (!address) throw new RangeError('It does not listen on TCP');
  return { ...network, lines, address };
}

/** Resolves when the condition holds; looked at often, and for as long as the test may take. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}
