import { toHex } from '@hamster/crypto';
import { InvalidTransaction } from '@hamster/frame';
import type { DecodedExtrinsic } from '@hamster/frame';
import { u32 } from '@hamster/scale';
import type { Backend } from '../backend.ts';
import { runtimeCall } from './runtime-calls.ts';

/** The nonce that the next extrinsic of this account needs: that of the chain, and behind what waits in the pool. */
export function accountNonce(backend: Backend, accountId: Uint8Array): number {
  const onChain = u32.decode(runtimeCall(backend, undefined, 'AccountNonceApi_account_nonce', accountId));
  const waiting = pendingNonces(backend, toHex(accountId));
  let next = onChain;
  while (waiting.has(next)) next += 1;
  return next;
}

function pendingNonces(backend: Backend, account: string): Set<number> {
  const nonces = new Set<number>();
  for (const bytes of backend.pending()) {
    const extrinsic = decoded(backend, bytes);
    if (extrinsic?.nonce === undefined || !extrinsic.signer) continue;
    if (toHex(extrinsic.signer) === account) nonces.add(extrinsic.nonce);
  }
  return nonces;
}

function decoded(backend: Backend, bytes: Uint8Array): DecodedExtrinsic | undefined {
  try {
    return backend.runtime.decodeExtrinsic(bytes);
  } catch (error) {
    if (error instanceof InvalidTransaction) return undefined;
    throw error;
  }
}
