import { decodeLightRequest, encodeLightRefusal, encodeLightResponse } from '../messages/light.ts';
import type { LightRequest } from '../messages/light.ts';
import type { ChainAccess } from '../chain-access.ts';

/** Answers a request of light/2 with a proof, or by saying that there is none; stops where it takes long. Throws PEER_MALFORMED. */
export function* answerLight(chain: ChainAccess, message: Uint8Array): Generator<void, Uint8Array> {
  const request = decodeLightRequest(message);
  const proof = yield* proofFor(chain, request);
  return proof ? encodeLightResponse(request.type, proof) : encodeLightRefusal(request.type);
}

function* proofFor(
  chain: ChainAccess,
  request: LightRequest,
): Generator<void, readonly Uint8Array[] | undefined> {
  if (request.type === 'child') return undefined;
  return request.type === 'read'
    ? chain.proof(request.block, request.keys)
    : yield* chain.callProof(request.block, request.method, request.args);
}
