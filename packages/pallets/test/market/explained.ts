import type { AccountId } from '@hamster/frame';
import { expect } from 'vitest';

import { Disputes } from '../../src/arbitration/storage.ts';
import { Gateways, Unbonding } from '../../src/gateway/storage.ts';
import { Resources, Slices, Stakes } from '../../src/provider/storage.ts';
import { Leases, Orders } from '../../src/resource-order/storage.ts';
import { POTS } from './fixtures.ts';
import { EVERYBODY as PARTIES } from './hostile.ts';
import type { Market } from './market.ts';

/** Everybody who ever has money here. */
const EVERYBODY = [...PARTIES, ...Object.values(POTS)];

type Amounts = Readonly<Record<'LeaseEscrow' | 'DisputeDeposit' | 'ProviderStake' | 'GatewayStake', bigint>>;

class Sums {
  readonly #of = new Map<string, bigint>();

  add(who: AccountId, amount: bigint): void {
    this.#of.set(who.join(), this.of(who) + amount);
  }

  of(who: AccountId): bigint {
    return this.#of.get(who.join()) ?? 0n;
  }
}

const entriesOf = ({ chain: { ctx } }: Market) => {
  const [escrow, deposit, stake, gateway] = [new Sums(), new Sums(), new Sums(), new Sums()];
  for (const [, { renter, escrow: held, status }] of Orders.entries(ctx))
    if (status.type === 'Pending') escrow.add(renter, held);
  for (const [, { renter, escrow: held }] of Leases.entries(ctx)) escrow.add(renter, held);
  for (const [, { renter, deposit: held, status }] of Disputes.entries(ctx))
    if (status.type === 'Open') deposit.add(renter, held);
  for (const [who, { active, unbonding }] of Stakes.entries(ctx)) {
    stake.add(who, active + unbonding.reduce((total, { amount }) => total + amount, 0n));
  }
  for (const [who, { stake: held }] of Gateways.entries(ctx)) gateway.add(who, held);
  for (const [who, { amount }] of Unbonding.entries(ctx)) gateway.add(who, amount);
  return { escrow, deposit, stake, gateway };
};

/** Nobody has anything held that no entry explains, one that is in no entry any more the least of all. */
export const auditHolds = (m: Market): void => {
  const { escrow, deposit, stake, gateway } = entriesOf(m);
  for (const who of EVERYBODY) {
    const explained: Amounts = {
      LeaseEscrow: escrow.of(who),
      DisputeDeposit: deposit.of(who),
      ProviderStake: stake.of(who),
      GatewayStake: gateway.of(who),
    };
    const held = Object.fromEntries(Object.keys(explained).map((reason) => [reason, m.held(reason, who)]));
    expect(held).toEqual(explained);
  }
};

/** A lease that is closed holds no escrow and locks no collateral; what is locked of a stake is that of leases which live. */
export const auditLeases = (m: Market): void => {
  const locked = new Sums();
  for (const [, lease] of Leases.entries(m.chain.ctx)) {
    if (lease.closed) expect([lease.escrow, lease.collateral]).toEqual([0n, 0n]);
    locked.add(lease.provider, lease.collateral);
  }
  for (const who of EVERYBODY) expect(m.ledger(who).locked).toBe(locked.of(who));
};

/** What is taken of each machine is what orders and leases wait for or use, for as long as they may; nothing else is. */
export const auditSlices = ({ chain: { ctx } }: Market): void => {
  const taken = new Map<string, { readonly spec: unknown; readonly until: bigint }>();
  const live = new Map<bigint, number>();
  for (const [id, { resource, spec, status, expires_at }] of Orders.entries(ctx)) {
    if (status.type === 'Pending') taken.set(`${resource} ${id}`, { spec, until: expires_at });
  }
  for (const [id, { resource, spec, closed, ends_at }] of Leases.entries(ctx)) {
    if (closed) continue;
    taken.set(`${resource} ${id}`, { spec, until: ends_at });
    live.set(resource, (live.get(resource) ?? 0) + 1);
  }
  const slices = [...Slices.entries(ctx)].map(
    ([[resource, id], slice]) => [`${resource} ${id}`, slice] as const,
  );
  expect(slices.map(([key]) => key).sort()).toEqual([...taken.keys()].sort());
  for (const [key, { spec, until }] of slices) {
    expect(spec).toEqual(taken.get(key)?.spec);
    expect(until).toBeGreaterThanOrEqual(taken.get(key)?.until ?? until);
  }
  for (const [id, { live_leases }] of Resources.entries(ctx)) expect(live_leases).toBe(live.get(id) ?? 0);
};

type Events = ReturnType<Market['chain']['events']>;

/** Money appears and disappears only where an event says so: by root, by burning, and as dust. */
const ISSUANCE: Readonly<Record<string, bigint>> = { Issued: 1n, Rescinded: -1n, Burned: -1n, DustLost: -1n };

/** By how much these events say that the total issuance has changed, planck. */
export const issuedBy = (events: Events): bigint =>
  events
    .filter(([pallet]) => pallet === 'Balances')
    .reduce(
      (sum, [, name, value]) => sum + (ISSUANCE[name] ?? 0n) * ((value as { amount?: bigint }).amount ?? 0n),
      0n,
    );
