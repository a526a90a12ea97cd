import { type AccountId, bytesEqual, checkedMul, type Context, ensure, orFail } from '@hamster/frame';

import { isBalance } from '../../primitives/arithmetic.ts';
import { type MachineSpec, MAX_TEXT } from '../../primitives/machine.ts';
import { pricePerHour } from '../../primitives/price.ts';
import { isSshPublicKey } from '../../primitives/ssh-key.ts';
import type { Offer, ResourceOrderConfig } from '../config.ts';
import { errors } from '../errors.ts';
import { collateralFor } from '../rules/collateral.ts';
import { Parameters } from '../storage.ts';
import type { Parameters as ParametersType } from '../types.ts';

export interface OrderRequest {
  readonly resource: bigint;
  readonly spec: MachineSpec;
  readonly hours: number;
  readonly image: Uint8Array;
  readonly ssh_public_key: Uint8Array;
  readonly max_price_per_hour: bigint;
}

/** What follows from a request that may be granted. */
export interface OrderTerms {
  readonly provider: AccountId;
  /** Planck. */
  readonly pricePerHour: bigint;
  readonly escrow: bigint;
  /** Without an answer by then the order is over. */
  readonly expiresAt: bigint;
  /** The latest end of the lease. */
  readonly until: bigint;
}

/** @throws DispatchFailure TextTooLong or InvalidSshKey */
export const ensureSshKey = (key: Uint8Array): void => {
  ensure(key.length <= MAX_TEXT.sshKey, errors.TextTooLong);
  ensure(isSshPublicKey(key), errors.InvalidSshKey);
};

const ensureRequest = ({ hours, spec, ssh_public_key }: OrderRequest, parameters: ParametersType): void => {
  ensure(hours >= 1 && hours <= parameters.max_hours, errors.HoursOutOfRange);
  const isLargeEnough =
    spec.cpu_cores >= parameters.min_cpu_cores &&
    spec.memory_mib >= parameters.min_memory_mib &&
    spec.disk_gib >= parameters.min_disk_gib;
  ensure(isLargeEnough, errors.SpecTooSmall);
  ensureSshKey(ssh_public_key);
};

const ensureOffered = (offer: Offer, renter: AccountId, { image }: OrderRequest): void => {
  ensure(!bytesEqual(offer.owner, renter), errors.OwnResource);
  ensure(offer.isOffered, errors.ResourceNotOffered);
  const hasImage = offer.images.some((offered) => bytesEqual(offered, image));
  ensure(hasImage, errors.ImageNotOffered);
};

/** The price of an hour at what the machine costs now. @throws DispatchFailure PriceTooHigh */
export const agreedPrice = (offer: Offer, spec: MachineSpec, max: bigint): bigint => {
  const price = pricePerHour(spec, offer.prices);
  ensure(isBalance(price) && price <= max, errors.PriceTooHigh);
  return price;
};

/** All the checks of an order. The offer must last for the whole lease, even if it is accepted in the last moment. */
export const checkOrder = (
  ctx: Context,
  { market, collateral, currency }: ResourceOrderConfig,
  renter: AccountId,
  request: OrderRequest,
): OrderTerms => {
  const parameters = Parameters.get(ctx);
  const hours = BigInt(request.hours);
  ensureRequest(request, parameters);
  const offer = orFail(market.offerOf(ctx, request.resource), errors.ResourceNotFound);
  ensureOffered(offer, renter, request);
  const expiresAt = ctx.now + parameters.order_timeout;
  const until = expiresAt + hours * parameters.hour;
  ensure(until <= offer.available_until, errors.OfferEndsTooSoon);
  ensure(market.hasRoom(ctx, request.resource, request.spec), errors.InsufficientCapacity);
  const price = agreedPrice(offer, request.spec, request.max_price_per_hour);
  const escrow = checkedMul(price, hours);
  ensure(currency.spendable(ctx, renter) >= escrow, errors.InsufficientBalance);
  const needed = collateralFor(price, hours, parameters.collateral_hours_max);
  ensure(collateral.free(ctx, offer.owner) >= needed, errors.InsufficientStake);
  return { provider: offer.owner, pricePerHour: price, escrow, expiresAt, until };
};
