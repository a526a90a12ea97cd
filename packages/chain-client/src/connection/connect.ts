import type { ApiPromise } from '@polkadot/api';
import { callsOf } from '../calls/calls.ts';
import type { Calls } from '../calls/calls.ts';
import type { ChainError } from '../errors.ts';
import { accountReads, feeReads } from '../reads/account-reads.ts';
import type { AccountReads, FeeReads } from '../reads/account-reads.ts';
import { blockReads } from '../reads/block-reads.ts';
import type { BlockReads } from '../reads/block-reads.ts';
import { disputeReads } from '../reads/dispute-reads.ts';
import type { DisputeReads } from '../reads/dispute-reads.ts';
import { gatewayReads } from '../reads/gateway-reads.ts';
import type { GatewayReads } from '../reads/gateway-reads.ts';
import { marketReads } from '../reads/market-reads.ts';
import type { MarketReads } from '../reads/market-reads.ts';
import { orderReads } from '../reads/order-reads.ts';
import type { OrderReads } from '../reads/order-reads.ts';
import { snapshots } from '../reads/snapshot.ts';
import type { Snapshots } from '../reads/snapshot.ts';
import type { Patience } from '../signals.ts';
import { submit } from '../submit/submit.ts';
import type { Outcome, SubmitOptions, TransactionSigner } from '../submit/submit.ts';
import { Turns } from '../submit/turns.ts';
import { Unsettled } from '../submit/unsettled.ts';
import { watches } from '../watch/watches.ts';
import type { Unsubscribe, Watches } from '../watch/watches.ts';
import type { Call } from './decorated.ts';
import { identify } from './identity.ts';
import type { ChainIdentity } from './identity.ts';
import { openLink } from './link.ts';
import type { LinkState } from './link.ts';

/** A chain, as programs of the project see it. */
export interface ChainClient
  extends
    AccountReads,
    FeeReads,
    BlockReads,
    Snapshots,
    MarketReads,
    OrderReads,
    GatewayReads,
    DisputeReads,
    Watches {
  readonly chain: ChainIdentity;
  /** For what is not wrapped here. */
  readonly api: ApiPromise;
  /** Builds calls; sends nothing. */
  readonly calls: Calls;
  submit(call: Call, signer: TransactionSigner, options?: SubmitOptions): Promise<Outcome>;
  state(): LinkState;
  onState(listener: (state: LinkState) => void): Unsubscribe;
  /** Settles when the client is closed: with undefined when asked to, otherwise with the reason. */
  readonly closed: Promise<ChainError | undefined>;
  close(): Promise<void>;
}

/**
 * Connects to a node. A connection that is lost later comes back by itself, and reads wait for it.
 *
 * @param url `ws://…` or `wss://…`
 * @throws ChainError `CHAIN_URL_INVALID`; ChainUnreachable `CHAIN_UNREACHABLE`, `CHAIN_TIMEOUT` (15 s unless told otherwise)
 */
export async function connect(url: string, patience: Patience = {}): Promise<ChainClient> {
  const link = await openLink(url, patience);
  const submits = { turns: new Turns(), unsettled: new Unsettled() };
  try {
    return {
      chain: await identify(link, patience),
      api: link.api,
      calls: callsOf(link.api),
      ...accountReads(link),
      ...feeReads(link),
      ...blockReads(link),
      ...snapshots(link),
      ...marketReads(link),
      ...orderReads(link),
      ...gatewayReads(link),
      ...disputeReads(link),
      ...watches(link),
      submit: (call, signer, options) => submit(link, submits, call, signer, options),
      state: () => link.state,
      onState: (listener) => link.onState(listener),
      closed: link.closed,
      close: () => link.close(),
    };
  } catch (error) {
    await link.close();
    throw error;
  }
}
