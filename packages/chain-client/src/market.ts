/** What needs no chain: prices, offers and leases by the chain's rules. Loads fast, as `@hamster/chain-client/market`. */
export { disputeDeposit, disputeOutlook, phaseOf } from './market/dispute-view.ts';
export type { DisputeOutlook, DisputePhase } from './market/dispute-view.ts';
export { endingOf, isLive, leaseView } from './market/lease-view.ts';
export type { LeaseView } from './market/lease-view.ts';
export { OFFER_ORDERS, offerOrder } from './market/offer-order.ts';
export type { OfferOrder } from './market/offer-order.ts';
export { freeOf, hiddenBecause, mismatches } from './market/offers.ts';
export type { Mismatch, Offer, OfferFilter } from './market/offers.ts';
export { minListingStake, pricePerHour, quote } from './market/price.ts';
export type { Quote } from './market/price.ts';
