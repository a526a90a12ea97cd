import { endingOf, isLive } from '@hamster/chain-client/market';
import type { ChainClient, Lease, Order } from '@hamster/chain-client';
import { CliError, EXIT } from '../cli/errors.ts';
import { moment } from '../format/duration.ts';
import { harmless } from '@hamster/daemon';

/** A lease that runs and is rented by this account. Throws CliError that says what is wrong otherwise. */
export async function ownLiveLease(chain: ChainClient, id: number, address: string): Promise<Lease> {
  const lease = await chain.lease(id);
  if (!lease) throw noLease('LEASE_NOT_FOUND', whyMissing(id, await chain.order(id)));
  if (lease.renter !== address) {
    throw noLease(
      'NOT_RENTER',
      `Lease ${id} is rented by ${lease.renter}, not by your account ${address}. Choose it with --account.`,
    );
  }
  if (isLive(lease)) return lease;
  const when = lease.closed ? ` at ${moment(lease.closed.at)}. ${endingOf(lease.closed.reason)}` : '.';
  throw noLease('LEASE_ENDED', `Lease ${id} ended${when}`);
}

function whyMissing(id: number, order: Order | undefined): string {
  if (!order) return `There is no lease ${id}. List yours with \`hamster leases\`.`;
  const reason = order.rejection ? ` with the reason "${harmless(order.rejection)}"` : '';
  const outcomes: Record<Order['status'], string> = {
    Pending: `Order ${id} waits for its provider still, so there is no machine yet. See \`hamster orders\`.`,
    Accepted: `Order ${id} was accepted, but its lease is forgotten already.`,
    Rejected: `Order ${id} was rejected by the provider${reason}; the money is back.`,
    Expired: `Order ${id} was not answered in time; the money is back.`,
    Cancelled: `Order ${id} was withdrawn; the money is back.`,
  };
  return outcomes[order.status];
}

function noLease(code: string, message: string): CliError {
  return new CliError(code, message, EXIT.noLease);
}
