import type { AccountId, RuntimeCall } from '@hamster/frame';
import fc from 'fast-check';

import { Disputes, NextDisputeId, Parameters as CourtParameters } from '../../src/arbitration/storage.ts';
import { Parameters as ProviderParameters, Resources } from '../../src/provider/storage.ts';
import { MAX_UNBONDING } from '../../src/provider/types.ts';
import { Leases } from '../../src/resource-order/storage.ts';
import { type Lease, MAX_REPORTS, MAX_STRETCHES } from '../../src/resource-order/types.ts';
import { ValidatorInfo, Validators } from '../../src/validators/storage.ts';
import { MAX_VALIDATORS, type SessionKeys } from '../../src/validators/types.ts';
import { BATCHED_CALLS_LIMIT } from '../../src/utility/batching.ts';
import { account, BOB, EVE, HAM, IMAGE, PEER_ID, PEOPLE, POTS, PRICES, SMALL, utf8 } from './fixtures.ts';
import type { Attempt, Move } from './hostile.ts';
import { type Market, offer, report, request } from './market.ts';
import { runtimeCall } from './nested.ts';

/** Whoever has a lease that runs, and the machine that it runs on. */
const liveLease = (m: Market, pick: number): readonly [bigint, Lease] | undefined => {
  const live = [...Leases.entries(m.chain.ctx)].filter(([, { closed }]) => closed === undefined);
  return live[pick % Math.max(1, live.length)];
};

type OfLease = (m: Market, id: bigint, lease: Lease) => Move | undefined;

const ofLease =
  (make: OfLease) =>
  (pick: number): Attempt =>
  (m) => {
    const found = liveLease(m, pick);
    return found && make(m, ...found);
  };

/** Root does all of it at once; what fails is passed over. */
const byRoot = (m: Market, calls: readonly RuntimeCall[]): Move => ({
  who: undefined,
  name: 'force_batch',
  call: m.utility.force_batch,
  args: { calls },
});

type Part = Pick<Move, 'call' | 'args'>;

const part = (m: Market, move: Part): RuntimeCall => runtimeCall(m, { who: undefined, name: '', ...move });

/** In the name of somebody. */
const as = (m: Market, who: AccountId, move: Part): RuntimeCall =>
  part(m, { call: m.sudo.sudo_as, args: { who: { type: 'Id', value: who }, call: part(m, move) } });

/** Keys that nobody else has. */
const keysOf = (who: AccountId): SessionKeys => ({ aura: who, grandpa: who.map((byte) => byte ^ 0xff) });

const removed = (m: Market, who: AccountId): RuntimeCall =>
  part(m, { call: m.validators.remove_validator, args: { validator: who } });

const added = (m: Market, who: AccountId, keys = keysOf(who)): RuntimeCall =>
  part(m, { call: m.validators.add_validator, args: { validator: who, keys } });

/** The provider alone is left to judge; then all are judges again, whose keys nobody else may have. */
const judgeHimself = ofLease((m, lease, { renter, provider }) => {
  const before = Validators.get(m.chain.ctx);
  const complaint = { lease, claim: { type: 'Other' }, evidence_hash: account(1) };
  const known = before.map((who) => ValidatorInfo.get(m.chain.ctx, who)?.keys ?? keysOf(who));
  return byRoot(m, [
    added(m, provider, known[0]),
    added(m, provider),
    ...before.map((who) => removed(m, who)),
    removed(m, provider),
    as(m, renter, { call: m.arbitration.open_dispute, args: complaint }),
    ...before.map((who, index) => added(m, who, known[index])),
  ]);
});

/** With a deposit that nobody has. */
const complainPoor = ofLease((m, lease, { renter }) => {
  const before = CourtParameters.get(m.chain.ctx);
  const set = (min_deposit: bigint) =>
    part(m, { call: m.arbitration.set_parameters, args: { parameters: { ...before, min_deposit } } });
  const complaint = { lease, claim: { type: 'Other' }, evidence_hash: account(1) };
  const complain = as(m, renter, { call: m.arbitration.open_dispute, args: complaint });
  return byRoot(m, [set(2n ** 63n), complain, set(before.min_deposit)]);
});

/** Votes are shown from the next block on: but for the first of the panel, everybody has hidden one. */
const hurryCourt = ofLease((m, lease, { renter }) => {
  const { ctx } = m.chain;
  const before = CourtParameters.get(ctx);
  const dispute = NextDisputeId.get(ctx);
  const set = (parameters: object) => part(m, { call: m.arbitration.set_parameters, args: { parameters } });
  const complaint = { lease, claim: { type: 'Other' }, evidence_hash: account(1) };
  const commit = { call: m.arbitration.commit_vote, args: { dispute, hash: account(3) } };
  const voters = Validators.get(ctx).slice(1);
  return byRoot(m, [
    set({ ...before, commit_period: 1n }),
    as(m, renter, { call: m.arbitration.open_dispute, args: complaint }),
    ...voters.map((who) => as(m, who, commit)),
    set(before),
  ]);
});

/** Each member of a panel votes twice, and shows another vote than it has hidden. */
const voteWrongly =
  (pick: number): Attempt =>
  (m) => {
    const open = [...Disputes.entries(m.chain.ctx)].filter(([, { status }]) => status.type === 'Open');
    const shown = open.filter(([, { commit_until }]) => commit_until <= m.chain.ctx.now);
    const among = shown.length > 0 ? shown : open;
    const [dispute, found] = among[pick % Math.max(1, among.length)] ?? [];
    if (dispute === undefined || !found) return undefined;
    const observed = { reachable: true, cpu_cores: 0, memory_mib: 0, disk_gib: 0 };
    const vote = { dispute, verdict: { type: 'Inconclusive' }, observed, salt: account(2) };
    const commit = { call: m.arbitration.commit_vote, args: { dispute, hash: account(3) } };
    const reveal = { call: m.arbitration.reveal_vote, args: vote };
    const [first = account(0), ...others] = found.panel;
    return byRoot(m, [
      ...[commit, commit, reveal].map((each) => as(m, first, each)),
      as(m, found.renter, commit),
      ...others.map((who) => as(m, who, reveal)),
    ]);
  };

/** One more than there may be; then they go. */
const crowdOfJudges = (): Attempt => (m) => {
  const crowd = Array.from({ length: MAX_VALIDATORS }, (_, index) => account(0).fill(index, 1).fill(9, 0, 1));
  return byRoot(m, [...crowd.map((who) => added(m, who)), ...crowd.map((who) => removed(m, who))]);
};

/** Each at a price of its own, until there are too many. */
const extendAtManyPrices = ofLease((m, lease, { renter, resource }) => {
  const owner = Resources.get(m.chain.ctx, resource)?.owner;
  if (!owner) return undefined;
  const steps = Array.from({ length: MAX_STRETCHES + 1 }, (_, index) => {
    const prices = { ...PRICES, disk_gib_hour: BigInt(index) };
    return [
      as(m, owner, { call: m.provider.update_prices, args: { resource, prices } }),
      as(m, renter, {
        call: m.resourceOrder.extend_lease,
        args: { lease, hours: 1, max_price_per_hour: 1_000n * HAM },
      }),
    ];
  });
  return byRoot(m, steps.flat());
});

/** So that each amount is free at another moment. */
const unstakeBitByBit = ofLease((m, _, { provider }) => {
  const before = ProviderParameters.get(m.chain.ctx);
  const set = (unbonding: bigint) =>
    part(m, { call: m.provider.set_parameters, args: { parameters: { ...before, unbonding } } });
  const steps = Array.from({ length: MAX_UNBONDING + 1 }, (_, index) => [
    set(before.unbonding + BigInt(index)),
    as(m, provider, { call: m.provider.unstake, args: { amount: HAM } }),
  ]);
  return byRoot(m, [...steps.flat(), set(before.unbonding)]);
});

/** Leases are secured by what unbonds from now on; whoever goes on puts up as much again. */
const unstakeAll = ofLease((m, _, { provider }) => {
  const { active } = m.ledger(provider);
  return active === 0n
    ? { who: provider, name: 'stake', call: m.provider.stake, args: { amount: 40_000n * HAM } }
    : { who: provider, name: 'unstake', call: m.provider.unstake, args: { amount: active } };
});

/** All of it, at once: what is left the second time secures leases. */
const withdrawTwice = ofLease((m, _, { provider }) => {
  const before = ProviderParameters.get(m.chain.ctx);
  const { active } = m.ledger(provider);
  const set = (unbonding: bigint) =>
    part(m, { call: m.provider.set_parameters, args: { parameters: { ...before, unbonding } } });
  const withdraw = as(m, provider, { call: m.provider.withdraw_unbonded, args: {} });
  return byRoot(m, [
    set(0n),
    as(m, provider, { call: m.provider.unstake, args: { amount: active } }),
    ...[withdraw, withdraw],
    as(m, provider, { call: m.provider.stake, args: { amount: active } }),
    set(before.unbonding),
  ]);
});

/** Also at a price that the renter has, but the provider's stake does not secure. */
const orderWrongly = ofLease((m, _, { renter, resource, provider }) => {
  const price = (ham: bigint) => {
    const prices = { ...PRICES, disk_gib_hour: ham * HAM };
    return as(m, provider, { call: m.provider.update_prices, args: { resource, prices } });
  };
  const order = (changes: object) =>
    as(m, renter, { call: m.resourceOrder.create_order, args: { ...request(resource), ...changes } });
  return byRoot(m, [
    ...[order({ image: utf8('windows') }), order({ max_price_per_hour: 0n })],
    order({ spec: { ...SMALL, cpu_cores: 1_000 } }),
    ...[price(50n), order({ hours: 168, max_price_per_hour: 1_000n * HAM }), price(1n)],
  ]);
});

/** The machine of a lease, or a part of it, or the time until its end. */
const takeFromUnderLease = ofLease((m, _, { resource, provider, ends_at }) => {
  const { remove_resource, update_capacity, set_available_until } = m.provider;
  const capacity = { cpu_cores: 1, memory_mib: 1, disk_gib: 1, gpus: 0 };
  return byRoot(m, [
    as(m, provider, { call: remove_resource, args: { resource } }),
    as(m, provider, { call: update_capacity, args: { resource, capacity } }),
    as(m, provider, { call: set_available_until, args: { resource, until: ends_at - 1n } }),
  ]);
});

const reportTooMuch = ofLease((m, id, { provider }) => {
  const args = { reports: Array.from({ length: MAX_REPORTS + 1 }, () => report(id)) };
  return { who: provider, name: 'heartbeat', call: m.resourceOrder.heartbeat, args };
});

const extendBeyondOffer = ofLease((m, lease, { renter, resource, provider, ends_at }) => {
  const args = { lease, hours: 100, max_price_per_hour: 1_000n * HAM };
  return byRoot(m, [
    as(m, provider, { call: m.provider.set_available_until, args: { resource, until: ends_at } }),
    as(m, renter, { call: m.resourceOrder.extend_lease, args }),
    as(m, renter, { call: m.resourceOrder.create_order, args: { ...request(resource), hours: 100 } }),
  ]);
});

const WRONG_OFFERS: readonly object[] = [
  { available_until: 1n },
  { images: [utf8('../etc')] },
  { images: Array.from({ length: 17 }, () => IMAGE) },
  { region: utf8('x'.repeat(33)) },
  { cpu_model: utf8('a\nb') },
  { capacity: { cpu_cores: 0, memory_mib: 1, disk_gib: 1, gpus: 0 } },
  { capacity: { cpu_cores: 1, memory_mib: 1, disk_gib: 1, gpus: 1 } },
];

const offerWrongly = (): Attempt => (m) => {
  const register = (wrong: object) =>
    as(m, BOB, {
      call: m.provider.register_resource,
      args: { ...offer(m.chain.ctx.now), ...wrong },
    });
  const nothing = { amount: 0n };
  const spend = (value: AccountId, amount: bigint) =>
    part(m, { call: m.treasury.spend, args: { beneficiary: { type: 'Id', value }, amount } });
  return byRoot(m, [
    ...WRONG_OFFERS.map(register),
    as(m, BOB, { call: m.provider.stake, args: nothing }),
    ...[spend(BOB, 0n), spend(POTS.treasury, 1n)],
  ]);
};

const callTooMuch = (): Attempt => (m) => {
  const remark = part(m, { call: m.system.remark, args: { remark: new Uint8Array() } });
  const calls = Array.from({ length: BATCHED_CALLS_LIMIT + 1 }, () => remark);
  return { who: PEOPLE[0], name: 'batch', call: m.utility.batch, args: { calls } };
};

/** Under too many addresses, in a region that is none, and then twice. */
const registerGatewayWrongly = (): Attempt => (m) => {
  const register = (count: number, region = 'eu', stake = 200n * HAM) => {
    const multiaddrs = Array.from({ length: count }, () => utf8('/ip4/198.51.100.7/tcp/4001'));
    const args = { peer_id: PEER_ID, multiaddrs, region: utf8(region), stake };
    return as(m, EVE, { call: m.gateway.register, args });
  };
  const wrong = [register(9), register(1, 'a\nb'), register(1, 'x'.repeat(33)), register(1, 'eu', 1n)];
  return byRoot(m, [...wrong, register(8), register(8)]);
};

const changeAuthoritiesTwice = (): Attempt => (m) => {
  const args = { authorities: [keysOf(EVE)] };
  const change = part(m, { call: m.authorities.schedule_change, args });
  return byRoot(m, [change, change]);
};

const OF_LEASES = [
  ...[
    judgeHimself,
    complainPoor,
    hurryCourt,
    extendAtManyPrices,
    extendAtManyPrices,
    extendBeyondOffer,
    orderWrongly,
    reportTooMuch,
  ],
  ...[unstakeBitByBit, unstakeAll, unstakeAll, withdrawTwice],
  ...[takeFromUnderLease, takeFromUnderLease],
];
const OTHERS = [
  ...[crowdOfJudges, offerWrongly, registerGatewayWrongly, callTooMuch, changeAuthoritiesTwice],
  // Only in the minute in which votes are shown.
  ...Array.from({ length: 8 }, () => voteWrongly),
];

/** What is refused only where much has come together, which chance does not bring about. */
export const edges: fc.Arbitrary<Attempt> = fc
  .tuple(fc.constantFrom<((pick: number) => Attempt)[]>(...OF_LEASES, ...OTHERS), fc.nat({ max: 10_000 }))
  .map(([make, pick]) => make(pick));
