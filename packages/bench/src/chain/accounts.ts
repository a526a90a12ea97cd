import { blake2b256 } from '@hamster/crypto';
import { sr25519KeypairFromSeed, waitReady } from '#polkadot/wasm-crypto';

await waitReady();

export interface Account {
  /** 32 bytes: also the account id. */
  readonly publicKey: Uint8Array;
  /** 64 bytes. */
  readonly secretKey: Uint8Array;
}

/** The same accounts in every run. */
export function accounts(count: number): Account[] {
  return Array.from({ length: count }, (_, index) => {
    const pair = sr25519KeypairFromSeed(blake2b256(Buffer.from(`bench account ${index}`)));
    return { publicKey: pair.slice(64), secretKey: pair.slice(0, 64) };
  });
}
