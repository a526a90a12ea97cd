import type { CloseReason, Lease } from '../model/resource-order.ts';

/** What a lease means to its renter at a moment. Amounts are planck, times ms. */
export interface LeaseView {
  readonly live: boolean;
  /** Until its end; 0 when it is closed. */
  readonly timeLeftMs: number;
  readonly totalMs: number;
  /** Rent that has been paid or is due for proven time up to now. */
  readonly spent: bigint;
  /** What would come back if the renter ended it now. */
  readonly refundIfEnded: bigint;
  /** What the notice would cost then. */
  readonly noticeCost: bigint;
  /** How it stands, or why it ended, in a sentence. */
  readonly story: string;
}

interface Rules {
  readonly hour: number;
  readonly noticeHours: number;
}

const ENDINGS: Readonly<Record<CloseReason, string>> = {
  Completed: 'It ran until its end.',
  TerminatedByRenter: 'The renter ended it early.',
  TerminatedByProvider:
    'The provider ended it early; the renter got the rest back and a part of the collateral.',
  ProviderFault:
    'The machine was silent for too long; the renter got the rest back and the provider’s collateral paid for it.',
  ProviderAtFault: 'A dispute found the provider at fault; the renter got the rest back.',
};

const STANDINGS: Readonly<Record<'Active' | 'Suspended' | 'Disputed', string>> = {
  Active: 'It runs.',
  Suspended: 'The machine does not report at present, so nothing is paid; it may be ended without notice.',
  Disputed: 'It is disputed: nothing is paid until the dispute is decided.',
};

/** Why a lease ended, in a sentence. */
export function endingOf(reason: CloseReason): string {
  return ENDINGS[reason];
}

/** Whether the lease still binds both sides. */
export function isLive({ status }: Pick<Lease, 'status'>): boolean {
  return status === 'Active' || status === 'Suspended' || status === 'Disputed';
}

/** @param now the chain's time, ms. The actual amounts are settled by the chain in its own block. */
export function leaseView(lease: Lease, now: number, rules: Rules): LeaseView {
  const totalMs = lease.endsAt - lease.startedAt;
  if (!isLive(lease)) {
    const story = lease.closed ? endingOf(lease.closed.reason) : `It is ${lease.status.toLowerCase()}.`;
    return {
      live: false,
      timeLeftMs: 0,
      totalMs,
      spent: lease.paid,
      refundIfEnded: 0n,
      noticeCost: 0n,
      story,
    };
  }
  const running = lease.status === 'Active';
  const due = running ? rentUntil(lease, now) : 0n;
  const withNotice = running ? rentUntil(lease, now + rules.noticeHours * rules.hour) : 0n;
  return {
    live: true,
    timeLeftMs: Math.max(0, lease.endsAt - now),
    totalMs,
    spent: lease.paid + due,
    noticeCost: withNotice - due,
    refundIfEnded: lease.escrow - withNotice,
    story: STANDINGS[lease.status as keyof typeof STANDINGS],
  };
}

/** Rent is an even stream: what is in escrow pays for the time from `settledUntil` to `endsAt`. */
function rentUntil(lease: Lease, until: number): bigint {
  if (until >= lease.endsAt) return lease.escrow;
  if (until <= lease.settledUntil) return 0n;
  return (lease.escrow * BigInt(until - lease.settledUntil)) / BigInt(lease.endsAt - lease.settledUntil);
}
