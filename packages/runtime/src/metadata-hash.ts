import { fromHex } from '@hamster/crypto';

/**
 * Digest of the metadata under each `specVersion` (RFC 78 of the Polkadot fellowship), for which a signer asks who wants to be sure that
 * it was shown the call as the chain takes it. It stands for what calls and extensions are, and for version, SS58 prefix, decimals and symbol. Written
 * down, as a Substrate runtime has it from its build: later releases execute these blocks with metadata of their own. A test
 * tells the digest of today; those of released versions stay as they are.
 */
const METADATA_HASHES: Readonly<Record<number, string>> = {
  7: '0xc920fa91c9df011662668afa14f05dbce0edb5d15e91e1628f50d9d675861a89',
  8: '0x4b9a4c3c5f01139d0fc5bd534527efbaa008b1802937195c0886335b1944b41b',
  9: '0x10c3d9b1ae47b7c6fa8d532acfc40428176adff44717a5f5f137e2ab82f27750',
  10: '0x6664b8c8257d67517559bc660f66c5e47acaea5ebc4d882213dae6fbb44e89a4',
  11: '0x2e5731cd0eab2d9569f95911527c321acc107a104e6a2263468b2ce5fe361e45',
  12: '0x892ad0b19e7aff812b9bb17cf84363d7d22c55d6007795ce2d4147f619934639',
  13: '0xece6b8540b1b73f3c89ee68c57aee358ea6bfc032ebbdcac36b52ca224ea09e7',
};

/** 32 bytes; undefined of a version that is only rehearsed. */
export const metadataHashOf = (specVersion: number): Uint8Array | undefined => {
  const known = METADATA_HASHES[specVersion];
  return known === undefined ? undefined : fromHex(known);
};
