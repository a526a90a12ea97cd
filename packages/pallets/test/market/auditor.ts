import { maxOf } from '@hamster/frame';
import { expect } from 'vitest';

import { costFrom } from '../../src/resource-order/rules/stream.ts';
import { Leases } from '../../src/resource-order/storage.ts';
import { type Lease, MAX_STRETCHES } from '../../src/resource-order/types.ts';
import type { Market } from './market.ts';

const fundsOf = ({ escrow, paid, refunded }: Lease): bigint => escrow + paid + refunded;

type Events = ReturnType<Market['chain']['events']>;

/** What the time of a lease from `from` to `to` costs. */
const costOf = (lease: Lease, from: bigint, to: bigint): bigint =>
  costFrom(lease, from) - costFrom(lease, to);

/** Each of a lease's prices may be rounded by a planck. */
const ROUNDING = BigInt(MAX_STRETCHES + 1);

/** Hours that were agreed before cost what they did: all that is left of them, and the second half of it. */
const auditAgreed = (before: Lease, extended: Lease): void => {
  const { settled_until: now, ends_at: end } = before;
  for (const from of [now, (now + end) / 2n]) {
    const change = costOf(extended, from, end) - costFrom(before, from);
    expect(change <= ROUNDING && -change <= ROUNDING).toBe(true);
  }
};

/** Which leases an extrinsic made longer, and did nothing else to. */
const extendedBy = (events: Events): bigint[] =>
  events
    .filter(([pallet, name]) => pallet === 'ResourceOrder' && name === 'LeaseExtended')
    .map(([, , value]) => (value as { readonly lease: bigint }).lease);

/** A second opinion on the money of leases, from outside of the pallet. */
export const auditor = (m: Market) => {
  const funded = new Map<bigint, bigint>();
  const extended = new Set<bigint>();
  const known = new Map<bigint, Lease>();
  /** The longest notice that there ever was. */
  let notice = 0n;

  /**
   * Paid rent is at most that share of all which the time since the start is of the whole time, both without the time
   * in which the lease stood still.
   */
  const auditTime = (lease: Lease): void => {
    const { started_at, ends_at, time_lost } = lease;
    const until = lease.closed?.at ?? lease.disputed_at ?? m.chain.ctx.now;
    const noticed = lease.closed?.reason.type === 'TerminatedByRenter' ? until + notice : until;
    const whole = ends_at - started_at - time_lost;
    const used = noticed < ends_at ? noticed - started_at - time_lost : whole;
    expect(lease.paid * whole).toBeLessThanOrEqual(fundsOf(lease) * used);
  };
  const noteRules = (): void => {
    const { hour, notice_hours } = m.parameters();
    notice = maxOf(notice, hour * BigInt(notice_hours));
  };
  const audit = (): void => {
    noteRules();
    for (const [id, lease] of Leases.entries(m.chain.ctx)) {
      expect(fundsOf(lease)).toBe(funded.get(id) ?? fundsOf(lease));
      funded.set(id, fundsOf(lease));
      known.set(id, lease);
      if (!extended.has(id)) auditTime(lease);
    }
  };
  /** A lease that was made longer has other funds from now on. */
  const noteExtensions = (events: Events): void => {
    const ids = extendedBy(events);
    for (const lease of ids) {
      funded.delete(lease);
      extended.add(lease);
    }
    const isAll = events.filter(([pallet]) => pallet === 'ResourceOrder').length === 1;
    const [id] = ids;
    const before = id === undefined ? undefined : known.get(id);
    if (id !== undefined && before && isAll) auditAgreed(before, m.lease(id));
  };
  return { audit, noteExtensions };
};
