import type { Dispute, DisputeClaim, DisputePhase, Lease, Verdict } from '@hamster/chain-client';
import { duration, moment } from '../../format/duration.ts';
import { ham } from '../../format/money.ts';

export const CLAIMS = {
  unreachable: 'Unreachable',
  'spec-mismatch': 'SpecMismatch',
  other: 'Other',
} as const satisfies Record<string, DisputeClaim>;

export const VERDICTS = {
  'at-fault': 'ProviderAtFault',
  unfounded: 'ClaimUnfounded',
  inconclusive: 'Inconclusive',
} as const satisfies Record<string, Verdict>;

const CLAIM_TEXT: Record<DisputeClaim, string> = {
  Unreachable: 'the machine cannot be reached',
  SpecMismatch: 'the machine is not what was agreed',
  Other: 'something else is wrong',
};

const VERDICT_TEXT: Record<Verdict, string> = {
  ProviderAtFault: 'the provider is at fault',
  ClaimUnfounded: 'the claim is unfounded',
  Inconclusive: 'nothing is proved',
};

export function claimText(claim: DisputeClaim): string {
  return CLAIM_TEXT[claim];
}

export function verdictText(verdict: Verdict): string {
  return VERDICT_TEXT[verdict];
}

/** What a panel is at, with the time left for it. */
export function phaseText(phase: DisputePhase, dispute: Dispute, now: number): string {
  switch (phase) {
    case 'voting':
      return `voting, ${duration(dispute.commitUntil - now)} left`;
    case 'showing':
      return `showing votes, ${duration(dispute.revealUntil - now)} left`;
    case 'counting':
      return 'votes are counted';
    case 'decided':
      return dispute.decision ? verdictText(dispute.decision.verdict) : 'decided';
  }
}

/** What followed for lease and money, in lines. */
export function outcomeLines({ decision, deposit, lease: id }: Dispute, lease: Lease | undefined): string[] {
  if (!decision) return [];
  const returned = `  deposit  ${ham(deposit)} came back to the renter`;
  switch (decision.verdict) {
    case 'ProviderAtFault':
      return [
        returned,
        ...(lease ? [`  rent     ${ham(lease.refunded)} came back to the renter`] : []),
        '  and from the provider’s collateral as much again, as far as it reached',
      ];
    case 'ClaimUnfounded':
      return [
        `  deposit  ${ham(deposit)} is lost: half went to the provider, half to those who decided`,
        goesOn(id, lease),
      ];
    case 'Inconclusive':
      return [returned, goesOn(id, lease)];
  }
}

function goesOn(id: number, lease: Lease | undefined): string {
  if (!lease || lease.closed) return `  lease    ${id} went on; it has ended since`;
  return `  lease    ${id} goes on until ${moment(lease.endsAt)}, later by the time lost`;
}
