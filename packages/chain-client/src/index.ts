export type { NewGateway, NewOrder, NewResource, Report } from './calls/inputs.ts';
export { commitmentOf } from './calls/commitment.ts';
export type { Vote } from './calls/commitment.ts';
export type { Calls } from './calls/calls.ts';
export { connect } from './connection/connect.ts';
export type { ChainClient } from './connection/connect.ts';
export type { Call } from './connection/decorated.ts';
export type { ChainIdentity } from './connection/identity.ts';
export type { LinkState } from './connection/link.ts';
export { ChainError, ChainUnreachable, DispatchFailed, TransactionRejected } from './errors.ts';
export type { Fault } from './errors.ts';
export * from './market.ts';
export type {
  ArbitrationParameters,
  Ballot,
  Dispute,
  DisputeClaim,
  Observed,
  Verdict,
} from './model/arbitration.ts';
export type { Balance } from './model/balance.ts';
export type { Gateway, GatewayParameters, GatewayStatus, GatewayUnbonding } from './model/gateway.ts';
export type { Capacity, MachineSpec, Prices, Virtualization } from './model/primitives.ts';
export type { ProviderParameters, Resource, ResourceStatus, StakeLedger } from './model/provider.ts';
export type {
  CloseReason,
  Lease,
  LeaseStatus,
  Order,
  OrderParameters,
  OrderStatus,
} from './model/resource-order.ts';
export type { Withdrawable } from './model/withdrawable.ts';
export type { BlockRef } from './reads/block-reads.ts';
export type { Market } from './reads/market-reads.ts';
export type { Snapshot } from './reads/snapshot.ts';
export type { Patience } from './signals.ts';
export { ChainEvents } from './submit/events.ts';
export type { ChainEvent, EventData, KnownEvent } from './submit/events.ts';
export type { Milestone } from './submit/send.ts';
export { SENTENCES } from './submit/sentences.ts';
export type { Outcome, SubmitOptions, TransactionSigner } from './submit/submit.ts';
export type { Head, Unsubscribe } from './watch/watches.ts';
