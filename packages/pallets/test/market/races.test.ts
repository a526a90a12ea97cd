import { signedBy } from '@hamster/frame';
import { assertHealthy } from '@hamster/frame/testing';
import { describe, expect, it } from 'vitest';

import { DEV_PARAMETERS as COURT } from '../../src/arbitration/parameters.ts';
import { DEV_PARAMETERS as STAKES } from '../../src/provider/parameters.ts';
import { Leases, Orders } from '../../src/resource-order/storage.ts';
import { MAX_REPORTS } from '../../src/resource-order/types.ts';
import { auditHolds, auditLeases, auditSlices } from './explained.ts';
import { account, ALICE, BOB, DAY, HAM, HOST_KEY, MINUTE, PRICE, SECOND } from './fixtures.ts';
import { type Market, market, report } from './market.ts';
import { type Act, actsOn } from './races.ts';
import { RULES } from './rules.ts';

/** Those about one order or lease, and nothing that others need. */
const ownActs = (m: Market, id: bigint): Act[] =>
  actsOn(m, id).filter(({ args }) => 'order' in args || 'lease' in args || 'reports' in args);

/** Most of Bob's stake unbonds behind it: what secures the leases does so, too. */
const accept = (m: Market, ids: readonly bigint[]): void => {
  for (const order of ids) m.ok(BOB, m.resourceOrder.accept_order, { order, ssh_host_key: HOST_KEY });
  const { active, locked } = m.ledger(BOB);
  m.ok(BOB, m.provider.unstake, { amount: active - locked / 2n });
};

const beat = (m: Market, ids: readonly bigint[]): void => {
  for (let from = 0; from < ids.length; from += MAX_REPORTS) {
    const reports = ids.slice(from, from + MAX_REPORTS).map(report);
    m.ok(BOB, m.resourceOrder.heartbeat, { reports });
  }
};

/** The machines report as they should, until a millisecond before the end of the leases. */
const serve = (m: Market, ids: readonly bigint[]): void => {
  const { ends_at } = m.lease(ids[0] ?? 0n);
  const { heartbeat_interval } = m.parameters();
  while (m.chain.ctx.now + heartbeat_interval < ends_at) {
    m.chain.advance(heartbeat_interval);
    beat(m, ids);
  }
  m.chain.advance(ends_at - 1n - m.chain.ctx.now);
};

const dispute = (m: Market, ids: readonly bigint[]): void => {
  for (const lease of ids) {
    const complaint = { lease, claim: { type: 'Other' as const }, evidence_hash: account(1) };
    m.ok(ALICE, m.arbitration.open_dispute, complaint);
  }
};

type Reach = (m: Market, ids: readonly bigint[]) => void;

const accepted =
  (then: Reach): Reach =>
  (m, ids) => {
    accept(m, ids);
    then(m, ids);
  };

const silent =
  (...spans: bigint[]): Reach =>
  (m) =>
    spans.forEach((span) => m.chain.advance(span));

/** How orders of two hours got to a moment at which something ends for somebody. */
const MOMENTS: Readonly<Record<string, Reach>> = {
  'ordered, and a millisecond is left to answer': silent(5n * MINUTE - 1n),
  'accepted just now': accepted(() => undefined),
  'silent, and a millisecond short of suspended': accepted(silent(MINUTE - 1n)),
  'suspended, and too late to prove the time before': accepted(silent(MINUTE, MINUTE)),
  'suspended, and a millisecond short of a fault': accepted(silent(MINUTE, 2n * MINUTE - 1n)),
  'served, and a millisecond short of the end': accepted(serve),
  'disputed, and a millisecond short of the decision': accepted((m, ids) => {
    dispute(m, ids);
    m.chain.advance(MINUTE - 1n);
  }),
};

/** As many orders of slices of one machine as one machine has. */
const begin = (count: number): { readonly m: Market; readonly ids: bigint[] } => {
  const due_per_block = 1_000;
  const m = market({
    resourceOrder: { ...RULES, due_per_block },
    provider: STAKES,
    arbitration: { ...COURT, due_per_block },
  });
  const resource = m.machine(20_000n * HAM);
  const capacity = { cpu_cores: 512, memory_mib: 1_048_576, disk_gib: 10_000, gpus: 0 };
  m.ok(BOB, m.provider.update_capacity, { resource, capacity });
  return { m, ids: Array.from({ length: count }, () => m.order(resource, { hours: 2 })) };
};

const audit = (m: Market): void => {
  assertHealthy(m.chain);
  auditHolds(m);
  auditLeases(m);
  auditSlices(m);
};

const ENDS = ['cancel_order', 'reject_order', 'terminate_lease'];

/** Does the one, then the other; names what succeeds. Only one of them can be the end. */
const race = (m: Market, id: bigint, picks: readonly number[]): string[] => {
  const done = picks.flatMap((pick) => {
    const act = ownActs(m, id)[pick];
    return act && m.chain.run(signedBy(act.who), act.call, act.args).ok ? [act.name] : [];
  });
  expect(done.filter((name) => ENDS.includes(name)).length).toBeLessThanOrEqual(1);
  return done;
};

/** Whatever is open ends by itself, and is forgotten. What anybody added to a lease counts as much as what was ordered. */
const end = (m: Market): void => {
  m.advance(SECOND);
  for (let stage = 0; stage < 4; stage += 1) m.advance(10n * MINUTE);
  for (const [id, { closed, paid, refunded }] of Leases.entries(m.chain.ctx)) {
    expect([id, closed === undefined, (paid + refunded) % PRICE]).toEqual([id, false, 0n]);
    expect(paid + refunded).toBeGreaterThanOrEqual(2n * PRICE);
  }
  for (let stage = 0; stage < 2; stage += 1) m.advance(DAY);
  expect([...Orders.entries(m.chain.ctx)]).toEqual([]);
  for (const reason of ['LeaseEscrow', 'DisputeDeposit']) expect(m.held(reason, ALICE)).toBe(0n);
  expect(m.ledger(BOB).locked).toBe(0n);
};

describe('any two acts about one order or lease in one block, in either order, leave nothing held', () => {
  const first = begin(1);
  const names = ownActs(first.m, 1n).map(({ name }) => name);
  const succeeded = new Set<string>();

  it.each(Object.entries(MOMENTS))('%s', (_, reach) => {
    const { m, ids } = begin(names.length ** 2);
    reach(m, ids);
    for (const [pair, id] of ids.entries()) {
      const picks = [pair % names.length, Math.trunc(pair / names.length)];
      for (const name of race(m, id, picks)) succeeded.add(name);
    }
    audit(m);
    end(m);
    audit(m);
  });

  it('and each of them succeeds at some moment', () => {
    expect([...succeeded].sort()).toEqual([...new Set(names)].sort());
  });
});
