import { NetworkError } from '../../network/errors.ts';
import type { ReservedView } from '../context.ts';
import { ERROR_CODES, methodNotFound, RpcError } from '../protocol/errors.ts';
import { type Call, method, unsafe } from '../protocol/method.ts';
import { text } from '../protocol/params.ts';

/** Ids of the peers that the operator has reserved; boot nodes are not among them. */
export const system_reservedPeers = method([], (call) => reservedOf(call).list());

/** A multiaddr with peer id: the node stays connected to that peer until it is removed or the node stops. */
export const system_addReservedPeer = unsafe(
  method([text('peer')], (call, peer) => change(() => reservedOf(call).add(peer))),
);

/** A peer id alone. */
export const system_removeReservedPeer = unsafe(
  method([text('peerId')], (call, peerId) => change(() => reservedOf(call).remove(peerId))),
);

function reservedOf({ identity }: Call): ReservedView {
  const reserved = identity.network?.reserved;
  if (reserved) return reserved;
  throw methodNotFound();
}

function change(act: () => void): null {
  try {
    act();
    return null;
  } catch (error) {
    throw error instanceof NetworkError ? new RpcError(ERROR_CODES.peer, error.message) : error;
  }
}
