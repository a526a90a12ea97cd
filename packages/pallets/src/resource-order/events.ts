import { AccountId, defineEvents } from '@hamster/frame';
import { documented, u128, u32, u64 } from '@hamster/scale';

import { CloseReason, RejectReason } from './types.ts';

export const events = defineEvents('ResourceOrder', {
  OrderCreated: documented('A renter ordered a slice of a machine; the rent is in escrow.', {
    order: u64,
    renter: AccountId,
    provider: AccountId,
    resource: u64,
    escrow: u128,
  }),
  OrderAccepted: documented('The machine is up and the lease runs.', {
    order: u64,
    provider: AccountId,
    collateral: u128,
    ends_at: u64,
  }),
  OrderRejected: documented('The provider refused; the escrow went back.', {
    order: u64,
    reason: RejectReason,
  }),
  OrderCancelled: documented('The renter withdrew the order; the escrow went back.', { order: u64 }),
  OrderExpired: documented('The provider did not answer in time; the escrow went back.', { order: u64 }),
  HeartbeatReceived: documented('A provider proved that so many leases are served.', {
    provider: AccountId,
    leases: u32,
  }),
  UnderDelivered: documented('A machine does not run, or is smaller than agreed: this counts as silence.', {
    lease: u64,
  }),
  Settled: documented('Rent went from escrow to the provider; `amount` includes the fee.', {
    lease: u64,
    amount: u128,
    fee: u128,
  }),
  LeaseSuspended: documented(
    'The machine is silent: nothing is paid, and the renter may leave without notice.',
    {
      lease: u64,
    },
  ),
  LeaseResumed: documented('The machine reports again.', { lease: u64 }),
  LeaseExtended: documented('The lease lasts longer.', { lease: u64, hours: u32, ends_at: u64 }),
  LeaseClosed: documented('The lease ended; nothing of it is held any more.', {
    lease: u64,
    reason: CloseReason,
    paid: u128,
    refunded: u128,
  }),
  ParametersSet: documented('Root changed the parameters.', null),
  LeaseDisputed: documented(
    'The renter disputes what was delivered: the lease stands still until it is decided.',
    {
      lease: u64,
    },
  ),
  LeaseReinstated: documented('A dispute is over and the lease goes on; its end moved by the time lost.', {
    lease: u64,
    ends_at: u64,
  }),
});
