import { type AccountId, bytesEqual } from '@hamster/frame';
import fc from 'fast-check';

import { commitmentOf } from '../../src/arbitration/index.ts';
import { Ballots, Disputes } from '../../src/arbitration/storage.ts';
import type { Dispute, Verdict, Vote } from '../../src/arbitration/types.ts';
import { Gateways } from '../../src/gateway/storage.ts';
import { Parameters as ProviderParameters, Resources } from '../../src/provider/storage.ts';
import { Leases } from '../../src/resource-order/storage.ts';
import { account, GRACE, HAM, PEER_ID, SMALL, utf8, VALIDATORS } from './fixtures.ts';
import type { Attempt } from './hostile.ts';
import type { Market } from './market.ts';

const VERDICTS: readonly Verdict['type'][] = ['ProviderAtFault', 'ClaimUnfounded', 'Inconclusive'];
const SALT = account(9);

const pickFrom = <T>(items: Iterable<T>, pick: number): T | undefined => {
  const list = [...items];
  return list[pick % Math.max(1, list.length)];
};

/** What a member of the panel thinks: all the same, but for Grace. */
const opinionOf = (dispute: bigint, voter: AccountId): Vote => {
  const shift = bytesEqual(voter, GRACE) ? 1 : 0;
  const type = VERDICTS[(Number(dispute) + shift) % VERDICTS.length] ?? 'Inconclusive';
  return { verdict: { type }, observed: { reachable: false, ...SMALL } };
};

const complain =
  (pick: number): Attempt =>
  (m) => {
    const live = [...Leases.entries(m.chain.ctx)].filter(([, { closed }]) => closed === undefined);
    const [lease, found] = pickFrom(live, pick) ?? [0n, undefined];
    if (!found) return undefined;
    const args = { lease, claim: { type: 'Unreachable' }, evidence_hash: SALT };
    return { who: found.renter, name: 'open_dispute', call: m.arbitration.open_dispute, args };
  };

interface Seat {
  readonly id: bigint;
  readonly dispute: Dispute;
  readonly voter: AccountId;
}

/** Those who sit on panels of open disputes, with or without a vote so far. */
const seats = (m: Market, hasBallot: boolean): Seat[] =>
  [...Disputes.entries(m.chain.ctx)]
    .filter(([, { status }]) => status.type === 'Open')
    .flatMap(([id, dispute]) => dispute.panel.map((voter) => ({ id, dispute, voter })))
    .filter(({ id, voter }) => Ballots.has(m.chain.ctx, id, voter) === hasBallot);

const commit =
  (pick: number): Attempt =>
  (m) => {
    const seat = pickFrom(seats(m, false), pick);
    if (!seat) return undefined;
    const { id: dispute, voter } = seat;
    const hash = commitmentOf({ dispute, voter, vote: opinionOf(dispute, voter), salt: SALT });
    return { who: voter, name: 'commit_vote', call: m.arbitration.commit_vote, args: { dispute, hash } };
  };

const reveal =
  (pick: number): Attempt =>
  (m) => {
    const seat = pickFrom(seats(m, true), pick);
    if (!seat) return undefined;
    const { id: dispute, voter } = seat;
    const args = { dispute, ...opinionOf(dispute, voter), salt: SALT };
    return { who: voter, name: 'reveal_vote', call: m.arbitration.reveal_vote, args };
  };

/** The machine of a lease that stands still gets its window, and then gets it put off, again and again. */
const putOffMaintenance =
  (pick: number, later: bigint): Attempt =>
  (m) => {
    const { ctx } = m.chain;
    const disputed = [...Leases.entries(ctx)].filter(([, { status }]) => status.type === 'Disputed');
    const [, lease] = pickFrom(disputed, pick) ?? [];
    const machine = lease && Resources.get(ctx, lease.resource);
    if (!machine) return undefined;
    const limits = ProviderParameters.get(ctx);
    const { maintenance } = machine;
    const isAhead = maintenance !== undefined && ctx.now < maintenance.from;
    const soonest = ctx.now + limits.maintenance_notice;
    const from = (isAhead && maintenance.from > soonest ? maintenance.from : soonest) + later;
    const name = isAhead ? 'put_off_maintenance' : 'announce_maintenance';
    const args = { resource: lease.resource, from, to: from + limits.maintenance_max };
    return { who: machine.owner, name, call: m.provider.announce_maintenance, args };
  };

const serveAsGateway =
  (pick: number): Attempt =>
  (m) => {
    const who = VALIDATORS[pick % VALIDATORS.length];
    if (!who) return undefined;
    const status = Gateways.get(m.chain.ctx, who)?.status.type;
    if (status === 'Online') return { who, name: 'heartbeat', call: m.gateway.heartbeat, args: {} };
    if (status === 'Dropped') {
      const name = pick % 4 === 3 ? 'go_offline' : 'reset';
      return { who, name, call: m.gateway[name], args: {} };
    }
    if (status === 'Offline') return { who, name: 'go_online', call: m.gateway.go_online, args: {} };
    const args = {
      ...{ peer_id: PEER_ID, multiaddrs: [utf8('/ip4/198.51.100.7/tcp/4001')], region: utf8('eu') },
      stake: 200n * HAM,
    };
    return { who, name: 'register', call: m.gateway.register, args };
  };

const claim =
  (pick: number, pallet: 'gateway' | 'validators'): Attempt =>
  (m) => {
    const who = VALIDATORS[pick % VALIDATORS.length];
    return who && { who, name: 'claim_rewards', call: m[pallet].claim_rewards, args: {} };
  };

const pick = fc.nat({ max: 10_000 });

/** Renters who complain, panels that vote, gateways that serve, and all of them fetch what they have earned. */
export const sensibleCourt: fc.Arbitrary<Attempt> = fc.oneof(
  { weight: 2, arbitrary: pick.map(complain) },
  { weight: 6, arbitrary: pick.map(commit) },
  { weight: 12, arbitrary: pick.map(reveal) },
  {
    weight: 2,
    arbitrary: fc.tuple(pick, fc.bigInt({ min: 0n, max: 30_000n })).map((args) => putOffMaintenance(...args)),
  },
  { weight: 6, arbitrary: pick.map(serveAsGateway) },
  {
    weight: 1,
    arbitrary: fc.tuple(pick, fc.constantFrom('gateway', 'validators')).map((args) => claim(...args)),
  },
);
