import type { AccountId, Context, Currency } from '@hamster/frame';

import type { MachineSpec, Prices } from '../primitives/machine.ts';
import type { Span } from '../primitives/silence.ts';

export type LeaseHoldReason = 'LeaseEscrow';

/** A machine, as far as renting it is concerned. */
export interface Offer {
  readonly owner: AccountId;
  readonly prices: Prices;
  readonly images: readonly Uint8Array[];
  readonly available_until: bigint;
  readonly maintenance: Span | undefined;
  /** Running leases may be made longer. */
  readonly isOpen: boolean;
  /** New orders are taken. */
  readonly isOffered: boolean;
}

export interface SliceRequest {
  readonly order: bigint;
  readonly spec: MachineSpec;
  /** The latest moment at which the slice will be given back. */
  readonly until: bigint;
}

/** How an order or a lease ended, for the machine's statistics. */
export type Outcome =
  | { readonly type: 'Withdrawn' | 'Missed' }
  | { readonly type: 'Served' | 'Abandoned' | 'Fault' | 'DisputeLost'; readonly hours: bigint };

/** The machines and their capacity. */
export interface Market {
  offerOf(ctx: Context, resource: bigint): Offer | undefined;
  hasRoom(ctx: Context, resource: bigint, spec: MachineSpec): boolean;
  takeSlice(ctx: Context, resource: bigint, slice: SliceRequest): void;
  /** As it was taken or made longer; undefined where there is none. */
  sliceUntil(ctx: Context, resource: bigint, order: bigint): bigint | undefined;
  /** The order became a lease. */
  beginLease(ctx: Context, resource: bigint, order: bigint, until: bigint): void;
  prolongSlice(ctx: Context, resource: bigint, order: bigint, until: bigint): void;
  /** Frees the capacity; a fault takes the machine off the market. Must not fail. */
  returnSlice(ctx: Context, resource: bigint, order: bigint, outcome: Outcome): void;
}

/** The stake of providers that secures leases. */
export interface Collateral {
  free(ctx: Context, provider: AccountId): bigint;
  locked(ctx: Context, provider: AccountId): bigint;
  lock(ctx: Context, provider: AccountId, amount: bigint): void;
  unlock(ctx: Context, provider: AccountId, amount: bigint): void;
  /** Moves locked collateral to `to`, for good. */
  slash(
    ctx: Context,
    slash: { readonly who: AccountId; readonly to: AccountId; readonly amount: bigint },
  ): void;
}

/** Accounts that fees and slashes go to. They must exist: genesis gives each the existential deposit. */
export interface Pots {
  readonly gateways: AccountId;
  readonly validators: AccountId;
  readonly treasury: AccountId;
}

/** Times without a block: nobody could report in them. */
export type Standstills = (ctx: Context) => readonly Span[];

/** What this pallet needs of the runtime. */
export interface ResourceOrderConfig {
  readonly standstills: Standstills;
  readonly currency: Currency<LeaseHoldReason>;
  readonly market: Market;
  readonly collateral: Collateral;
  readonly pots: Pots;
}
