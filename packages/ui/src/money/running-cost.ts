/** The money side of a running lease. Times in ms of the chain, money in planck. */
export interface RunningLease {
  readonly pricePerHour: bigint;
  /** Still held; what was paid has left it. */
  readonly escrow: bigint;
  readonly paid: bigint;
  readonly settledUntil: number;
  readonly lastHeartbeat: number;
  readonly endsAt: number;
  /** Nothing accrues while the provider is silent. */
  readonly accrues: boolean;
}

export interface BillingRules {
  /** Length of a billed hour in ms; shorter than 60 minutes on a development chain. */
  readonly hour: number;
  /** Notice that a renter pays for at most when ending early. */
  readonly noticeHours: number;
}

export interface EndingEarly {
  /** Rent for time used up to now, what was settled before included. */
  readonly used: bigint;
  readonly notice: bigint;
  readonly refund: bigint;
}

/** Rent used so far: what was paid out, and the time since the last settlement. */
export function costSoFar(lease: RunningLease, now: number, rules: BillingRules): bigint {
  return lease.paid + accrued(lease, now, rules);
}

/** What ending the lease at `now` costs and returns, before the chain decides it with its own clock. */
export function endingEarly(lease: RunningLease, now: number, rules: BillingRules): EndingEarly {
  const open = accrued(lease, now, rules);
  const rest = lease.escrow - open;
  const notice = lease.accrues ? smaller(lease.pricePerHour * BigInt(rules.noticeHours), rest) : 0n;
  return { used: lease.paid + open, notice, refund: rest - notice };
}

function accrued(lease: RunningLease, now: number, rules: BillingRules): bigint {
  const until = Math.min(lease.accrues ? now : lease.lastHeartbeat, lease.endsAt);
  const span = Math.max(0, until - lease.settledUntil);
  return smaller((lease.pricePerHour * BigInt(Math.floor(span))) / BigInt(rules.hour), lease.escrow);
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
