import { signGrant, type GrantSigner, type SignedGrant } from '@hamster/p2p';
import { Keyring } from '#polkadot/keyring';
import { cryptoWaitReady } from '#polkadot/util-crypto';

export const BENCH_GENESIS = `0x${'b7'.repeat(32)}`;
export const BENCH_LEASE = 7n;
const HOUR_MS = 3_600_000;

/** The account that rents the machine: a key that everybody knows. */
export async function benchRenter(): Promise<GrantSigner> {
  await cryptoWaitReady();
  const pair = new Keyring({ type: 'sr25519', ss58Format: 42 }).addFromUri('//Alice');
  return { address: pair.address, signText: async (text) => pair.sign(`<Bytes>${text}</Bytes>`) };
}

export async function benchGrant(peer: string): Promise<SignedGrant> {
  const terms = { genesisHash: BENCH_GENESIS, lease: BENCH_LEASE, permissions: ['tunnel'] as const };
  return signGrant({ ...terms, peer, notAfter: Date.now() + HOUR_MS }, await benchRenter());
}
