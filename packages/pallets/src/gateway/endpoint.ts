import { ensure } from '@hamster/frame';

import { MAX_TEXT } from '../primitives/machine.ts';
import { isMultiaddr, isPeerId } from '../primitives/text.ts';
import { errors } from './errors.ts';
import { MAX_MULTIADDRS } from './types.ts';

export interface Endpoint {
  readonly peer_id: Uint8Array;
  readonly multiaddrs: readonly Uint8Array[];
}

/** @throws DispatchFailure for a peer id or an address that nobody could dial */
export const ensureEndpoint = ({ peer_id, multiaddrs }: Endpoint): void => {
  ensure(peer_id.length <= MAX_TEXT.peerId, errors.TextTooLong);
  ensure(isPeerId(peer_id), errors.InvalidPeerId);
  ensure(multiaddrs.length > 0, errors.NoMultiaddrs);
  ensure(multiaddrs.length <= MAX_MULTIADDRS, errors.TooManyMultiaddrs);
  for (const address of multiaddrs) {
    ensure(address.length <= MAX_TEXT.multiaddr, errors.TextTooLong);
    ensure(isMultiaddr(address), errors.InvalidMultiaddr);
  }
};
