import { Keyring } from '#polkadot/keyring';
import { u8aWrapBytes } from '#polkadot/util';
import { cryptoWaitReady } from '#polkadot/util-crypto';
import { signGrant, type Grant, type GrantSigner, type SignedGrant } from '../../src/index.ts';

export const GENESIS = `0x${'11'.repeat(32)}`;

type Scheme = 'sr25519' | 'ed25519' | 'ecdsa';

/** A signer with a well-known development key. */
export async function account(uri: string, scheme: Scheme = 'sr25519', wrapped = true): Promise<GrantSigner> {
  await cryptoWaitReady();
  const pair = new Keyring({ type: scheme, ss58Format: 42 }).addFromUri(uri);
  return {
    address: pair.address,
    signText: async (text) => pair.sign(wrapped ? u8aWrapBytes(text) : text),
  };
}

/** A good grant for lease 7, but for what the test changes. */
export function grantFor(
  peer: string,
  signer: GrantSigner,
  change: Partial<Grant> = {},
): Promise<SignedGrant> {
  const grant: Grant = {
    genesisHash: GENESIS,
    lease: 7n,
    peer,
    permissions: ['tunnel'],
    notAfter: Date.now() + 3_600_000,
    ...change,
  };
  return signGrant(grant, signer);
}
