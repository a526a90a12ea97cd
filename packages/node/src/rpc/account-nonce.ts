import { toHex } from '@hamster/crypto';
import { InvalidTransaction } from '@hamster/frame';
import type { DecodedExtrinsic } from '@hamster/frame';
import { u32 } from '@hamster/scale';
import type { Backend } from '../backend.ts';
import { runtimeError } from './protocol/errors.ts';
import { runtimeFault } from './runtime-calls.ts';

/**
 * The nonce that the next extrinsic of this account needs: that of the chain, and behind what waits in the pool. Throws
 * `RpcError` 1 when the runtime fails.
 */
export function accountNonce(backend: Backend, accountId: Uint8Array): number {
  const onChain = nonceOnChain(backend, accountId);
  const waiting = pendingNonces(backend, toHex(accountId));
  let next = onChain;
  while (waiting.has(next)) next += 1;
  return next;
}

function nonceOnChain(backend: Backend, accountId: Uint8Array): number {
  try {
    return u32.decode(backend.callRuntime(backend.best().hash, 'AccountNonceApi_account_nonce', accountId));
  } catch (error) {
    throw runtimeError('Unable to query nonce.', runtimeFault(error));
  }
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
