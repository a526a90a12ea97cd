import { type AccountId, bytesEqual, type Context, ensure } from '@hamster/frame';

import { MAX_TEXT } from '../../primitives/machine.ts';
import { isSshPublicKey } from '../../primitives/ssh-key.ts';
import type { Offer, ResourceOrderConfig } from '../config.ts';
import { errors } from '../errors.ts';
import { Parameters } from '../storage.ts';
import { ensureSecured, ensureSize, type QuoteRequest, type Terms, termsOf } from './quote.ts';

export interface OrderRequest extends QuoteRequest {
  readonly image: Uint8Array;
  readonly ssh_public_key: Uint8Array;
  readonly max_price_per_hour: bigint;
}

/** @throws DispatchFailure TextTooLong or InvalidSshKey */
export const ensureSshKey = (key: Uint8Array): void => {
  ensure(key.length <= MAX_TEXT.sshKey, errors.TextTooLong);
  ensure(isSshPublicKey(key), errors.InvalidSshKey);
};

const ensureForRenter = (offer: Offer, renter: AccountId, { image }: OrderRequest): void => {
  ensure(!bytesEqual(offer.owner, renter), errors.OwnResource);
  ensure(offer.isOffered, errors.ResourceNotOffered);
  const hasImage = offer.images.some((offered) => bytesEqual(offered, image));
  ensure(hasImage, errors.ImageNotOffered);
};

/** All the checks of an order. */
export const checkOrder = (
  ctx: Context,
  { market, collateral, currency }: ResourceOrderConfig,
  renter: AccountId,
  request: OrderRequest,
): Terms => {
  ensureSize(request, Parameters.get(ctx));
  ensureSshKey(request.ssh_public_key);
  const terms = termsOf(ctx, market, request, {
    maxPrice: request.max_price_per_hour,
    ensureOffer: (offer) => ensureForRenter(offer, renter, request),
  });
  ensure(currency.spendable(ctx, renter) >= terms.escrow, errors.InsufficientBalance);
  ensureSecured(ctx, collateral, terms);
  return terms;
};
