import type { AccountId } from '@hamster/frame';

import type { Verdict, Vote } from '../types.ts';

export interface Voice {
  readonly who: AccountId;
  /** Undefined for a member that has revealed none. */
  readonly vote: Vote | undefined;
}

export interface Decision {
  readonly verdict: Verdict['type'];
  /** Members who voted for it; nobody where there was no majority. */
  readonly voters: readonly AccountId[];
}

const VERDICTS = ['ProviderAtFault', 'ClaimUnfounded', 'Inconclusive'] as const;

/** More than half of the whole panel decides, present or not; otherwise nothing is proved. */
export const decide = (voices: readonly Voice[]): Decision => {
  for (const verdict of VERDICTS) {
    const voters = voices.filter(({ vote }) => vote?.verdict.type === verdict).map(({ who }) => who);
    if (2 * voters.length > voices.length) return { verdict, voters };
  }
  return { verdict: 'Inconclusive', voters: [] };
};

export interface DepositShares {
  readonly provider: bigint;
  /** For each of the voters. */
  readonly voter: bigint;
}

/** The deposit behind an unfounded claim: half to the provider, half to the voters; the provider has the rounding. */
export const splitDeposit = (deposit: bigint, voters: number): DepositShares => {
  const voter = deposit / 2n / BigInt(voters);
  return { provider: deposit - voter * BigInt(voters), voter };
};
