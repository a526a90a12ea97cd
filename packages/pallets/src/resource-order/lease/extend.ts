import { checkedAdd, checkedMul, type Context, ensure, orFail } from '@hamster/frame';

import { isRunning } from '../access.ts';
import type { ResourceOrderConfig } from '../config.ts';
import { errors } from '../errors.ts';
import { agreedPrice } from '../order/quote.ts';
import { Parameters } from '../storage.ts';
import { type Lease, MAX_STRETCHES, type Stretch } from '../types.ts';
import { clockOf } from './clock.ts';

export interface ExtensionRequest {
  readonly hours: number;
  readonly max_price_per_hour: bigint;
}

export interface Extension {
  /** Planck that go into escrow. */
  readonly cost: bigint;
  /** The lease with them. */
  readonly extended: Lease;
}

const ensureActive = (ctx: Context, config: ResourceOrderConfig, lease: Lease): void => {
  ensure(lease.status.type !== 'Disputed', errors.LeaseNotActive);
  ensure(isRunning(lease.status), errors.LeaseNotLive);
  const { standing } = clockOf(ctx, config, lease);
  ensure(standing !== 'Over' && standing !== 'Faulty', errors.LeaseNotLive);
  ensure(lease.status.type === 'Active' && standing === 'Good', errors.LeaseNotActive);
};

/** Hours at a price of their own go behind the others. @throws DispatchFailure TooManyPrices */
const appended = ({ later, ends_at }: Lease, price_per_hour: bigint, escrow: bigint): readonly Stretch[] => {
  ensure(later.length < MAX_STRETCHES, errors.TooManyPrices);
  return [...later, { from: ends_at, price_per_hour, escrow }];
};

/** The lease's hours and the new ones behind them; none of the agreed ones costs anything else than it did. */
const withHours = (
  lease: Lease,
  { price, cost, length }: { readonly price: bigint; readonly cost: bigint; readonly length: bigint },
): Pick<Lease, 'later' | 'rate_since' | 'rate_escrow'> => {
  const { later, rate_since, rate_escrow, ends_at } = lease;
  const last = later.at(-1);
  const { from, escrow } = last ?? { from: rate_since, escrow: rate_escrow };
  // One line with the hours before them where it is as steep as theirs, which the price alone does not say: root may have changed the hour.
  const isEven = escrow * length === cost * (ends_at - from);
  if (!isEven || price !== (last ?? lease).price_per_hour) {
    return { rate_since, rate_escrow, later: appended(lease, price, cost) };
  }
  if (!last) return { rate_since, rate_escrow: rate_escrow + cost, later };
  return { rate_since, rate_escrow, later: [...later.slice(0, -1), { ...last, escrow: escrow + cost }] };
};

/** All the checks of an extension, but for the funder's money. */
export const checkExtension = (
  ctx: Context,
  config: ResourceOrderConfig,
  lease: Lease,
  { hours, max_price_per_hour }: ExtensionRequest,
): Extension => {
  ensureActive(ctx, config, lease);
  const { hour, max_hours } = Parameters.get(ctx);
  const endsAt = lease.ends_at + BigInt(hours) * hour;
  ensure(hours >= 1 && endsAt - ctx.now <= BigInt(max_hours) * hour, errors.HoursOutOfRange);
  const offer = orFail(config.market.offerOf(ctx, lease.resource), errors.ResourceNotFound);
  ensure(offer.isOpen, errors.ResourceNotOffered);
  ensure(endsAt <= offer.available_until, errors.OfferEndsTooSoon);
  const price = agreedPrice(offer, lease.spec, max_price_per_hour);
  const cost = checkedMul(price, BigInt(hours));
  const escrow = checkedAdd(lease.escrow, cost);
  return {
    cost,
    extended: {
      ...lease,
      ...withHours(lease, { price, cost, length: endsAt - lease.ends_at }),
      ends_at: endsAt,
      escrow,
    },
  };
};
