import { blake2b256, fromHex, toHex } from '@hamster/crypto';
import type { Hash } from './header.ts';

export const hashText = (bytes: Uint8Array): Hash => toHex(bytes) as Hash;

/** What clients call the transaction's hash, of all its bytes: as text alone, which the pool keeps by the thousand. */
export const extrinsicHash = (bytes: Uint8Array): Hash => hashText(blake2b256(bytes));

export const hashBytes = (hash: Hash): Uint8Array => fromHex(hash);
