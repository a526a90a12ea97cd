import { expect } from 'vitest';

import { Leases } from '../../src/resource-order/storage.ts';
import type { Lease } from '../../src/resource-order/types.ts';
import type { Market } from './market.ts';
import { RULES } from './rules.ts';

const fundsOf = ({ escrow, paid, refunded }: Lease): bigint => escrow + paid + refunded;

/** A second opinion on the money of leases, from outside of the pallet. */
export const auditor = (m: Market) => {
  const funded = new Map<bigint, bigint>();
  const extended = new Set<bigint>();

  /**
   * Paid rent is at most that share of all which the time since the start is of the whole time, both without the time
   * in which the lease stood still.
   */
  const auditTime = (lease: Lease): void => {
    const { started_at, ends_at, time_lost } = lease;
    const until = lease.closed?.at ?? lease.disputed_at ?? m.chain.ctx.now;
    const noticed = lease.closed?.reason.type === 'TerminatedByRenter' ? until + RULES.hour : until;
    const whole = ends_at - started_at - time_lost;
    const used = noticed < ends_at ? noticed - started_at - time_lost : whole;
    expect(lease.paid * whole).toBeLessThanOrEqual(fundsOf(lease) * used);
  };
  const audit = (): void => {
    for (const [id, lease] of Leases.entries(m.chain.ctx)) {
      expect(fundsOf(lease)).toBe(funded.get(id) ?? fundsOf(lease));
      funded.set(id, fundsOf(lease));
      if (!extended.has(id)) auditTime(lease);
    }
  };
  /** A lease that was made longer has other funds from now on. */
  const noteExtensions = (events: ReturnType<Market['chain']['events']>): void => {
    for (const [pallet, name, value] of events) {
      if (pallet !== 'ResourceOrder' || name !== 'LeaseExtended') continue;
      const { lease } = value as { readonly lease: bigint };
      funded.delete(lease);
      extended.add(lease);
    }
  };
  return { audit, noteExtensions };
};
