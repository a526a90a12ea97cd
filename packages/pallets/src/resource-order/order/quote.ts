import { checkedMul, type Context, ensure, orFail, U128_MAX } from '@hamster/frame';
import { type Infer, struct, u128, u64 } from '@hamster/scale';

import { isBalance } from '../../primitives/arithmetic.ts';
import type { MachineSpec } from '../../primitives/machine.ts';
import { pricePerHour } from '../../primitives/price.ts';
import type { Collateral, Market, Offer } from '../config.ts';
import { errors } from '../errors.ts';
import { collateralFor } from '../rules/collateral.ts';
import { splitFee } from '../rules/fee.ts';
import { Parameters } from '../storage.ts';
import type { Parameters as ParametersType } from '../types.ts';

/** A slice for a time, whoever wants it. */
export interface QuoteRequest {
  readonly resource: bigint;
  readonly spec: MachineSpec;
  readonly hours: number;
}

/** What an order of a slice would come to. Amounts in planck, times in ms. */
export interface Terms {
  readonly offer: Offer;
  readonly pricePerHour: bigint;
  /** Rent of the whole lease: what goes into escrow. */
  readonly escrow: bigint;
  /** What the provider has to lock. */
  readonly collateral: bigint;
  /** Without an answer by then the order is over. */
  readonly expiresAt: bigint;
  /** The latest end of the lease. */
  readonly until: bigint;
}

/** What a renter may know before ordering. */
export const Quote = struct('hamster_primitives::Quote', {
  price_per_hour: u128,
  total: u128,
  fee: u128,
  collateral: u128,
  duration: u64,
});
export type Quote = Infer<typeof Quote>;

/** @throws DispatchFailure HoursOutOfRange or SpecTooSmall */
export const ensureSize = (
  { spec, hours }: Pick<QuoteRequest, 'spec' | 'hours'>,
  parameters: ParametersType,
): void => {
  ensure(hours >= 1 && hours <= parameters.max_hours, errors.HoursOutOfRange);
  const isLargeEnough =
    spec.cpu_cores >= parameters.min_cpu_cores &&
    spec.memory_mib >= parameters.min_memory_mib &&
    spec.disk_gib >= parameters.min_disk_gib;
  ensure(isLargeEnough, errors.SpecTooSmall);
};

/** The price of an hour at what the machine costs now. @throws DispatchFailure PriceTooHigh */
export const agreedPrice = (offer: Offer, spec: MachineSpec, max: bigint): bigint => {
  const price = pricePerHour(spec, offer.prices);
  ensure(isBalance(price) && price <= max, errors.PriceTooHigh);
  return price;
};

export interface TermsOptions {
  /** Planck; a higher price is refused. */
  readonly maxPrice: bigint;
  /** More checks of the offer, before those of time, room and price. */
  readonly ensureOffer?: (offer: Offer) => void;
}

/** The checks that hold for every renter. The offer must last for the whole lease, even if it is accepted in the last moment. */
export const termsOf = (
  ctx: Context,
  market: Pick<Market, 'offerOf' | 'hasRoom'>,
  { resource, spec, hours }: QuoteRequest,
  { maxPrice, ensureOffer }: TermsOptions,
): Terms => {
  const parameters = Parameters.get(ctx);
  const offer = orFail(market.offerOf(ctx, resource), errors.ResourceNotFound);
  ensureOffer?.(offer);
  ensure(offer.isOffered, errors.ResourceNotOffered);
  const expiresAt = ctx.now + parameters.order_timeout;
  const until = expiresAt + BigInt(hours) * parameters.hour;
  ensure(until <= offer.available_until, errors.OfferEndsTooSoon);
  ensure(market.hasRoom(ctx, resource, spec), errors.InsufficientCapacity);
  const price = agreedPrice(offer, spec, maxPrice);
  const escrow = checkedMul(price, BigInt(hours));
  const needed = collateralFor(price, BigInt(hours), parameters.collateral_hours_max);
  return { offer, pricePerHour: price, escrow, collateral: needed, expiresAt, until };
};

/** @throws DispatchFailure InsufficientStake */
export const ensureSecured = (
  ctx: Context,
  collateral: Pick<Collateral, 'free'>,
  terms: Pick<Terms, 'offer' | 'collateral'>,
): void => ensure(collateral.free(ctx, terms.offer.owner) >= terms.collateral, errors.InsufficientStake);

export interface QuoteParts {
  readonly market: Pick<Market, 'offerOf' | 'hasRoom'>;
  readonly collateral: Pick<Collateral, 'free'>;
}

/** What the slice costs now, or the failure that an order of it would meet, whoever made it. @throws DispatchFailure */
export const quoteFor = (ctx: Context, { market, collateral }: QuoteParts, request: QuoteRequest): Quote => {
  const parameters = Parameters.get(ctx);
  ensureSize(request, parameters);
  const terms = termsOf(ctx, market, request, { maxPrice: U128_MAX });
  ensureSecured(ctx, collateral, terms);
  return {
    price_per_hour: terms.pricePerHour,
    total: terms.escrow,
    fee: splitFee(0n, terms.escrow, parameters).fee,
    collateral: terms.collateral,
    duration: BigInt(request.hours) * parameters.hour,
  };
};
