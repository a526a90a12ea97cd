import type { ChainPort } from '../../chain/port.ts';
import type { Offer } from '../../chain/types.ts';

export function loadOffers(port: ChainPort): Promise<readonly Offer[]> {
  return port.offers();
}
