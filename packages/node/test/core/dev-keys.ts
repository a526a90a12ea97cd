import { Keyring } from '@polkadot/keyring';
import { cryptoWaitReady } from '@polkadot/util-crypto';
import type { ConsensusKeys, Signer } from '../../src/index.ts';

await cryptoWaitReady();

export const keyOf = (type: 'sr25519' | 'ed25519', name: string): Signer =>
  new Keyring({ type }).addFromUri(`//${name}`);

/** Both keys of a well-known account. */
export const keysOf = (name: string): ConsensusKeys => ({
  authors: [keyOf('sr25519', name)],
  voters: [keyOf('ed25519', name)],
});

/** Those of a node that only follows. */
export const NOBODY: ConsensusKeys = { authors: [], voters: [] };

/** Those of the author of development chains. */
export const ALICE = keysOf('Alice');
