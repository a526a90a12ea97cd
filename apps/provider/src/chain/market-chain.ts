import {
  isLive,
  type ChainClient,
  type Lease,
  type Order,
  type TransactionSigner,
} from '@hamster/chain-client';
import type { LeaseReport, LiveLease, MarketChain, PendingOrder, Work } from '../reconciler/work.ts';

export interface MarketChainModules {
  readonly client: ChainClient;
  readonly signer: TransactionSigner;
  /** This machine's entry in the market; other machines of the same account are none of our business. */
  readonly resource: number;
}

const READ_TIMEOUT_MS = 15_000;
/** The chain takes no longer reasons. */
const REASON_BYTES = 128;

/** The provider's side of the chain, through a node's RPC. */
export function marketChain({ client, signer, resource }: MarketChainModules): MarketChain {
  const { calls } = client;
  const ours = (entry: { readonly resource: number }): boolean => entry.resource === resource;
  return {
    async work(signal) {
      const patience = { signal, timeoutMs: READ_TIMEOUT_MS };
      // First: the best block that is read then comes after it.
      const final = await client.finalBlock(patience);
      const state = await client.snapshot(patience);
      const [chainTime, entry, orders, leases] = await Promise.all([
        state.now(patience),
        state.resource(resource, patience),
        state.ordersOfProvider(signer.address, patience),
        state.leasesOfProvider(signer.address, patience),
      ]);
      const best = state.block.number;
      const draining = entry?.status === 'Draining';
      return { chainTime, best, final, draining, ...workOf(orders.filter(ours), leases.filter(ours)) };
    },
    blockHash: client.blockHash,
    async accept(order, sshHostKey, signal) {
      await client.submit(calls.resourceOrder.acceptOrder(Number(order), sshHostKey), signer, { signal });
    },
    async reject(order, reason, signal) {
      await client.submit(calls.resourceOrder.rejectOrder(Number(order), cut(reason)), signer, { signal });
    },
    async heartbeat(reports, signal) {
      const call = calls.resourceOrder.heartbeat(reports.map(toReport));
      await client.submit(call, signer, { signal, overtakes: true });
    },
  };
}

function workOf(orders: readonly Order[], leases: readonly Lease[]): Pick<Work, 'pending' | 'live'> {
  return {
    pending: orders.filter(({ status }) => status === 'Pending').map(toPending),
    live: leases.filter(isLive).map(toLive),
  };
}

function toPending({ id, spec, image, sshPublicKey }: Order | Lease): PendingOrder {
  return { id: BigInt(id), spec, image, sshPublicKey };
}

function toLive(lease: Lease): LiveLease {
  const { renter, status, lastHeartbeat } = lease;
  return { ...toPending(lease), renter, disputed: status === 'Disputed', lastHeartbeat };
}

function toReport({ lease, ...rest }: LeaseReport) {
  return { lease: Number(lease), ...rest };
}

/** The longest beginning that fits, without half a character at its end. */
function cut(reason: string): string {
  const bytes = new TextEncoder().encode(reason).subarray(0, REASON_BYTES);
  return new TextDecoder().decode(bytes, { stream: true });
}
