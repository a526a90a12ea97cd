import { join } from 'node:path';
import { ConfigError } from '@hamster/daemon';
import { chainFolder, type ChainSpec, type ConsensusKeys } from '@hamster/node';
import type { Settings } from '../settings.ts';
import { NodeKeystore } from './keystore.ts';
import { pairOf } from './pairs.ts';

/** Where the keys of a chain are kept. */
export const keystoreOf = (basePath: string, { id }: ChainSpec): NodeKeystore =>
  new NodeKeystore(join(chainFolder(basePath, id), 'keystore'));

/** What the node authors and votes with; nothing, when it only follows. Throws `ConfigError`, and what the keystore throws. */
export async function keysOf(spec: ChainSpec, { alice, basePath }: Settings): Promise<ConsensusKeys> {
  if (alice) return publicKeys(spec);
  if (basePath === undefined) return { authors: [], voters: [] };
  const keystore = keystoreOf(basePath, spec);
  return { authors: await keystore.pairs('aura'), voters: await keystore.pairs('gran') };
}

async function publicKeys({ chainType }: ChainSpec): Promise<ConsensusKeys> {
  if (chainType === 'Live') {
    throw new ConfigError(['--alice authors with keys that everybody has: not on a chain of type Live.']);
  }
  return { authors: [await pairOf('sr25519', '//Alice')], voters: [await pairOf('ed25519', '//Alice')] };
}
