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
  const waiting = backend.pendingNonces(accountId);
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
