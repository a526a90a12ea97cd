import { join } from 'node:path';
import { ConfigError, type KeyringPair } from '@hamster/daemon';
import { chainFolder, type ChainOutline, type KeyType } from '@hamster/node';
import type { Settings } from '../settings.ts';
import { NodeKeystore } from './keystore.ts';
import { pairOf } from './pairs.ts';
import { RunningKeys } from './running-keys.ts';

/** Where the keys of a chain are kept. */
export const keystoreOf = (basePath: string, { id, chainType }: ChainOutline): NodeKeystore =>
  new NodeKeystore(join(chainFolder(basePath, id), 'keystore'), chainType);

/**
 * What the node authors and votes with: what its keystore holds, and the keys of //Alice when it was told so. Throws
 * `ConfigError`, and what the keystore throws.
 */
export async function keysOf(spec: ChainOutline, { alice, basePath }: Settings): Promise<RunningKeys> {
  const keystore = basePath === undefined ? undefined : keystoreOf(basePath, spec);
  const pairs = async (type: KeyType): Promise<KeyringPair[]> => (await keystore?.pairs(type)) ?? [];
  const [aura, gran] = [await pairs('aura'), await pairs('gran')];
  if (!alice) return new RunningKeys({ aura, gran }, keystore);
  requirePublic(spec);
  const [author, voter] = [await pairOf('sr25519', '//Alice'), await pairOf('ed25519', '//Alice')];
  return new RunningKeys({ aura: [author, ...aura], gran: [voter, ...gran] }, keystore);
}

function requirePublic({ chainType }: ChainOutline): void {
  if (chainType !== 'Live') return;
  throw new ConfigError(['--alice authors with keys that everybody has: not on a chain of type Live.']);
}
