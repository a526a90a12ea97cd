import { hexToU8a } from '#polkadot/util';
import { decodeAddress } from '#polkadot/util-crypto';
import { grantText, type Grant, type SignedGrant } from './grant.ts';

/** An account that signs texts: a wallet's `signRaw`, or a key of the keystore. */
export interface GrantSigner {
  /** SS58 address. */
  readonly address: string;
  /** The signature of the text's UTF-8 bytes, wrapped in <Bytes>…</Bytes> or not; bytes or 0x-prefixed hex. */
  signText(text: string): Promise<Uint8Array | string>;
}

/** Lets an account allow `grant.peer` what the grant says. */
export async function signGrant(grant: Grant, signer: GrantSigner): Promise<SignedGrant> {
  const signature = await signer.signText(grantText(grant));
  return {
    genesisHash: grant.genesisHash,
    lease: grant.lease,
    permissions: grant.permissions,
    notAfter: grant.notAfter,
    account: decodeAddress(signer.address),
    signature: typeof signature === 'string' ? hexToU8a(signature) : signature,
  };
}
