import type { AccountId } from '@hamster/frame';

import { commitmentOf } from '../../src/arbitration/index.ts';
import { Disputes } from '../../src/arbitration/storage.ts';
import type { Dispute, Verdict } from '../../src/arbitration/types.ts';
import { ALICE, HAM, HOUR, SMALL } from '../market/fixtures.ts';
import { type Market, market } from '../market/market.ts';
import type { MarketOptions } from '../market/compose.ts';

export const SALT = new Uint8Array(32).fill(5);
export const EVIDENCE = new Uint8Array(32).fill(6);
export const OBSERVED = { reachable: false, ...SMALL, cpu_cores: 1 };
/** A tenth of the rent: ten hours at 25 HAM. */
export const DEPOSIT = 25n * HAM;

export const voteFor = (type: Verdict['type']) => ({ verdict: { type }, observed: OBSERVED });

type Votes = readonly (readonly [voter: AccountId, verdict: Verdict['type']])[];

/** A market with a lease of Alice and Bob, and what one does about it. */
export const court = (options: MarketOptions = {}) => {
  const m: Market = market(options);
  m.advance(1n);
  const lease = m.rent(m.machine());
  const complaint = { lease, claim: { type: 'Unreachable' as const }, evidence_hash: EVIDENCE };
  const commit = (dispute: bigint, voter: AccountId, verdict: Verdict['type']): void => {
    const hash = commitmentOf({ dispute, voter, vote: voteFor(verdict), salt: SALT });
    m.ok(voter, m.arbitration.commit_vote, { dispute, hash });
  };
  const reveal = (dispute: bigint, voter: AccountId, verdict: Verdict['type']): void =>
    m.ok(voter, m.arbitration.reveal_vote, { dispute, ...voteFor(verdict), salt: SALT });
  const disputeAt = (id: bigint): Dispute => {
    const found = Disputes.get(m.chain.ctx, id);
    if (!found) throw new TypeError(`The test expects dispute ${id}`);
    return found;
  };
  return {
    ...m,
    lease,
    complaint,
    commit,
    reveal,
    disputeAt,
    open: (): void => m.ok(ALICE, m.arbitration.open_dispute, complaint),
    leaseNow: () => m.lease(lease),
    /** Commits, reveals, and waits for the decision. */
    vote: (dispute: bigint, votes: Votes): void => {
      for (const [voter, verdict] of votes) commit(dispute, voter, verdict);
      m.advance(HOUR);
      for (const [voter, verdict] of votes) reveal(dispute, voter, verdict);
      m.advance(HOUR);
    },
  };
};

export type Court = ReturnType<typeof court>;
