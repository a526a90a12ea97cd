import { ConfigError } from '@hamster/daemon';
import type { ChainSpec, ConsensusKeys, Signer } from '@hamster/node';
import type { Settings } from './settings.ts';

/** What the node authors and votes with; nothing, when it only follows. Throws `ConfigError`. */
export async function keysOf({ chainType }: ChainSpec, { alice }: Settings): Promise<ConsensusKeys> {
  if (!alice) return { authors: [], voters: [] };
  if (chainType === 'Live') {
    throw new ConfigError(['--alice authors with keys that everybody has: not on a chain of type Live.']);
  }
  return { authors: [await pairOf('sr25519', '//Alice')], voters: [await pairOf('ed25519', '//Alice')] };
}

/** Loaded when a key is needed: it takes a while, which a node without keys should not cost. */
async function pairOf(type: 'sr25519' | 'ed25519', suri: string): Promise<Signer> {
  const { cryptoWaitReady } = await import('@polkadot/util-crypto');
  await cryptoWaitReady();
  const { Keyring } = await import('@polkadot/keyring');
  return new Keyring({ type }).addFromUri(suri);
}
