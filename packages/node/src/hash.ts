import { fromHex, toHex } from '@hamster/crypto';
import type { Hash } from './header.ts';

export const hashText = (bytes: Uint8Array): Hash => toHex(bytes) as Hash;

export const hashBytes = (hash: Hash): Uint8Array => fromHex(hash);
