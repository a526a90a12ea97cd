import type { AccountSigner } from '@hamster/ui/wallet';
import type {
  Action,
  ArbitrationParameters,
  Balance,
  ChainIdentity,
  Dispute,
  Head,
  Lease,
  Offer,
  Order,
  OrderParameters,
  Outcome,
  Resource,
} from './types.ts';

/**
 * All that the page asks of a chain. Reads answer `undefined` for what does not exist (any more); failures are errors of
 * the chain client.
 */
export interface ChainPort {
  readonly identity: ChainIdentity;
  rules(): Promise<OrderParameters>;
  /** Only what can be rented now. */
  offers(): Promise<readonly Offer[]>;
  /** A machine of the market, whether or not it takes orders. */
  resource(id: number): Promise<Resource | undefined>;
  order(id: number): Promise<Order | undefined>;
  lease(id: number): Promise<Lease | undefined>;
  ordersOf(renter: string): Promise<readonly Order[]>;
  /** The latest dispute about a lease, while the chain keeps it. */
  disputeOfLease(lease: number): Promise<Dispute | undefined>;
  disputeRules(): Promise<ArbitrationParameters>;
  leasesOf(renter: string): Promise<readonly Lease[]>;
  balance(address: string): Promise<Balance>;
  /** Planck that the chain would take for it now, on top of what the action itself pays. */
  estimateFee(action: Action, address: string): Promise<bigint>;
  /** Resolves when the action is in a block and succeeded there. */
  submit(action: Action, signer: AccountSigner, options: SubmitOptions): Promise<Outcome>;
  onHead(listener: (head: Head) => void): void;
  /** A lost connection comes back by itself; a closed one does not. */
  onState(listener: (state: ConnectionState) => void): void;
  close(): Promise<void>;
}

export type ConnectionState = 'connected' | 'reconnecting' | 'closed';

export interface SubmitOptions {
  readonly signal: AbortSignal;
  /** Called once the signed transaction has reached the node. */
  readonly onSubmitted: () => void;
}

/** Opens a port. */
export type ConnectChain = (url: string, signal: AbortSignal) => Promise<ChainPort>;
