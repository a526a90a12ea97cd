import type { AccountId, CallDefinition } from '@hamster/frame';
import fc from 'fast-check';

import { Parameters as ProviderParameters } from '../../src/provider/storage.ts';
import { NextOrderId, Orders } from '../../src/resource-order/storage.ts';
import { account, CHARLIE, HAM, HOST_KEY, MINUTE, utf8 } from './fixtures.ts';
import type { Attempt } from './hostile.ts';
import { type Market, report } from './market.ts';

/** What somebody may do, whether or not it is the time for it. */
export interface Act {
  readonly who: AccountId;
  readonly name: string;
  readonly call: CallDefinition;
  readonly args: Readonly<Record<string, unknown>>;
}

/** Whatever anybody can do about one order, or its lease, if it is its time or not. */
export const actsOn = (m: Market, id: bigint): readonly Act[] => {
  const { resourceOrder: orders } = m;
  const { ctx } = m.chain;
  const order = Orders.get(ctx, id);
  if (!order) return [];
  const { renter, provider, resource } = order;
  const act = (who: AccountId, name: string, call: CallDefinition, args: Act['args']): Act => ({
    ...{ who, name, call, args },
  });
  const extension = { lease: id, hours: 1, max_price_per_hour: 1_000n * HAM };
  const complaint = { lease: id, claim: { type: 'Other' }, evidence_hash: account(1) };
  const from = ctx.now + ProviderParameters.get(ctx).maintenance_notice;
  const window = { resource, from, to: from + MINUTE };
  return [
    act(renter, 'cancel_order', orders.cancel_order, { order: id }),
    act(renter, 'terminate_lease', orders.terminate_lease, { lease: id }),
    act(renter, 'open_dispute', m.arbitration.open_dispute, complaint),
    act(renter, 'extend_lease', orders.extend_lease, extension),
    act(provider, 'accept_order', orders.accept_order, { order: id, ssh_host_key: HOST_KEY }),
    act(provider, 'reject_order', orders.reject_order, { order: id, reason: utf8('no') }),
    act(provider, 'terminate_lease', orders.terminate_lease, { lease: id }),
    act(provider, 'heartbeat', orders.heartbeat, { reports: [report(id)] }),
    act(provider, 'unstake', m.provider.unstake, { amount: m.ledger(provider).active / 2n }),
    act(provider, 'withdraw_unbonded', m.provider.withdraw_unbonded, {}),
    act(provider, 'announce_maintenance', m.provider.announce_maintenance, window),
    act(CHARLIE, 'settle', orders.settle, { lease: id }),
    act(CHARLIE, 'extend_lease', orders.extend_lease, extension),
  ];
};

const actOn =
  (back: bigint, pick: number): Attempt =>
  (m) => {
    const next = NextOrderId.get(m.chain.ctx);
    const id = next > back ? next - 1n - back : 0n;
    const acts = actsOn(m, id);
    return acts[pick % Math.max(1, acts.length)];
  };

/** Both parties, and others, at one of the last leases: in every order, often in one block. */
export const races: fc.Arbitrary<Attempt> = fc
  .tuple(fc.bigInt({ min: 0n, max: 2n }), fc.nat({ max: 10_000 }))
  .map((args) => actOn(...args));
