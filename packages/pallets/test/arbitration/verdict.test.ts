import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { commitmentOf } from '../../src/arbitration/index.ts';
import { errors } from '../../src/arbitration/errors.ts';
import { decide, splitDeposit, type Voice } from '../../src/arbitration/rules/tally.ts';
import { splitSlash } from '../../src/resource-order/rules/collateral.ts';
import { ValidatorInfo } from '../../src/validators/storage.ts';
import { account, ALICE, BOB, DAVE, EVE, FRANK, GRACE, HAM, HOUR, MINUTE, POTS } from '../market/fixtures.ts';
import { type Court, court, DEPOSIT, OBSERVED, SALT, voteFor } from './court.ts';

const RENT = 250n * HAM;
const votesOf = (c: Court, who: Uint8Array) => {
  const { votes, missed_votes } = ValidatorInfo.get(c.chain.ctx, who) ?? {};
  return [votes, missed_votes];
};
/** Eve and Frank say so, Grace nothing. */
const judged = (verdict: 'ProviderAtFault' | 'ClaimUnfounded' | 'Inconclusive') => {
  const c = court();
  c.advance(6n * MINUTE);
  c.beat(c.lease);
  const before = new Map([ALICE, BOB, EVE, FRANK, GRACE, POTS.treasury].map((who) => [who, c.free(who)]));
  c.open();
  c.vote(1n, [
    [EVE, verdict],
    [FRANK, verdict],
  ]);
  return { c, gained: (who: Uint8Array): bigint => c.free(who) - (before.get(who) ?? 0n) };
};

describe('a verdict', () => {
  it('against the provider ends the lease as a fault; the voters share a tenth of the slash', () => {
    const { c, gained } = judged('ProviderAtFault');
    const rest = RENT - RENT / 100n;
    expect(c.leaseNow()).toMatchObject({
      status: { type: 'Faulted' },
      closed: { reason: { type: 'ProviderAtFault' } },
      ...{ escrow: 0n, collateral: 0n, refunded: rest, disputed_at: undefined },
    });
    expect(gained(EVE)).toBe(RENT / 20n);
    expect(gained(FRANK)).toBe(RENT / 20n);
    expect(gained(GRACE)).toBe(0n);
    expect(gained(ALICE)).toBe(rest + (RENT * 9n) / 10n);
    expect(gained(POTS.treasury)).toBe(0n);
    expect(c.held('ProviderStake', BOB)).toBe(20_000n * HAM - RENT);
    expect(c.held('DisputeDeposit', ALICE)).toBe(0n);
    expect(c.resource(1n)).toMatchObject({
      status: { type: 'Offline' },
      statistics: { faults: 1, disputes_lost: 1, last_fault: c.chain.ctx.now },
    });
    expect([votesOf(c, EVE), votesOf(c, FRANK), votesOf(c, GRACE)]).toEqual([
      [1, 0],
      [1, 0],
      [0, 1],
    ]);
  });

  it('against the provider gives the renter no more of the collateral than came back of the rent', () => {
    const c = court();
    for (let beat = 0; beat < 100; beat += 1) {
      c.advance(5n * MINUTE);
      c.beat(c.lease);
    }
    const { escrow } = c.leaseNow();
    const before = { renter: c.free(ALICE), treasury: c.free(POTS.treasury) };
    c.open();
    c.vote(1n, [
      [EVE, 'ProviderAtFault'],
      [GRACE, 'ProviderAtFault'],
    ]);
    expect(c.free(ALICE) - before.renter).toBe(2n * escrow);
    expect(c.free(POTS.treasury) - before.treasury).toBe(RENT - RENT / 10n - escrow);
  }, 60_000);

  it('against the renter gives half of the deposit to the provider, half to the voters', () => {
    const { c, gained } = judged('ClaimUnfounded');
    expect(c.leaseNow()).toMatchObject({ status: { type: 'Active' }, collateral: RENT });
    expect(gained(ALICE)).toBe(-DEPOSIT);
    expect(gained(BOB)).toBe(DEPOSIT / 2n);
    expect(gained(EVE)).toBe(DEPOSIT / 4n);
    expect(gained(GRACE)).toBe(0n);
    expect(c.resource(1n).statistics).toMatchObject({ faults: 0, disputes_lost: 0 });
  });

  it('for neither gives the deposit back', () => {
    const { c, gained } = judged('Inconclusive');
    expect(c.leaseNow().status.type).toBe('Active');
    for (const who of [ALICE, BOB, EVE, POTS.treasury]) expect(gained(who)).toBe(0n);
  });

  it('needs more than half of the panel, not of those who came', () => {
    const c = court();
    c.open();
    c.vote(1n, [[EVE, 'ProviderAtFault']]);
    expect(c.disputeAt(1n).status).toMatchObject({ value: { verdict: { type: 'Inconclusive' } } });
    expect(c.leaseNow().status.type).toBe('Active');
    expect([votesOf(c, EVE), votesOf(c, FRANK)]).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });

  it('comes at once where nobody has committed', () => {
    const c = court();
    c.open();
    c.advance(HOUR - 1n);
    expect(c.disputeAt(1n).status.type).toBe('Open');
    c.advance(1n);
    expect(c.said('Arbitration')).toEqual(['DisputeDecided']);
    expect(c.held('DisputeDeposit', ALICE)).toBe(0n);
  });

  it('pays the treasury what can not be paid to a voter that has nothing to live on', () => {
    const c = court({ resourceOrder: { collateral_hours_max: 0 }, arbitration: { min_deposit: 40n } });
    const tiny = { cpu_core_hour: 1n, memory_gib_hour: 0n, disk_gib_hour: 0n };
    c.ok(BOB, c.provider.update_prices, { resource: 1n, prices: tiny });
    const lease = c.rent(1n);
    c.ok(ALICE, c.arbitration.open_dispute, { ...c.complaint, lease });
    c.commit(1n, EVE, 'ClaimUnfounded');
    c.commit(1n, FRANK, 'ClaimUnfounded');
    c.advance(HOUR);
    c.reveal(1n, EVE, 'ClaimUnfounded');
    c.reveal(1n, FRANK, 'ClaimUnfounded');
    c.ok(FRANK, c.balances.transfer_all, { dest: { type: 'Id', value: DAVE }, keep_alive: false });
    const treasury = c.free(POTS.treasury);
    c.advance(HOUR);
    expect(c.free(POTS.treasury)).toBe(treasury + 10n);
    expect(c.free(EVE)).toBe(1_000_000n * HAM + 10n);
  });
});

describe('a vote', () => {
  it('is hidden first, shown later, and can’t be copied, changed or cast twice', () => {
    const c = court();
    const vote = voteFor('ProviderAtFault');
    const shown = { dispute: 1n, ...vote, salt: SALT };
    const { commit_vote, reveal_vote } = c.arbitration;
    c.open();
    c.commit(1n, EVE, 'ProviderAtFault');
    expect(c.chain.events().at(-1)?.slice(1)).toEqual(['VoteCommitted', { dispute: 1n, voter: EVE }]);
    const copied = commitmentOf({ dispute: 1n, voter: EVE, vote, salt: SALT });
    c.refuses(EVE, commit_vote, { dispute: 1n, hash: copied }, errors.AlreadyCommitted);
    c.ok(FRANK, commit_vote, { dispute: 1n, hash: copied });
    c.refuses(EVE, reveal_vote, shown, errors.RevealNotOpen);
    c.refuses(DAVE, commit_vote, { dispute: 1n, hash: copied }, errors.NotOnPanel);
    c.refuses(EVE, commit_vote, { dispute: 9n, hash: copied }, errors.DisputeNotFound);
    c.advance(HOUR);
    expect(c.said('Arbitration')).toEqual(['RevealBegan']);
    c.refuses(GRACE, commit_vote, { dispute: 1n, hash: copied }, errors.CommitOver);
    c.refuses(GRACE, reveal_vote, shown, errors.NotCommitted);
    c.refuses(EVE, reveal_vote, { ...shown, ...voteFor('Inconclusive') }, errors.CommitmentMismatch);
    c.refuses(
      EVE,
      reveal_vote,
      { ...shown, observed: { ...OBSERVED, reachable: true } },
      errors.CommitmentMismatch,
    );
    c.ok(EVE, reveal_vote, shown);
    expect(c.chain.events().at(-1)?.slice(1)).toEqual(['VoteRevealed', { dispute: 1n, voter: EVE, vote }]);
    c.refuses(EVE, reveal_vote, shown, errors.AlreadyRevealed);
    c.refuses(FRANK, reveal_vote, shown, errors.CommitmentMismatch);
    c.advance(HOUR);
    expect(c.disputeAt(1n)).toMatchObject({ committed: 2, revealed: 1 });
    c.refuses(EVE, reveal_vote, shown, errors.RevealNotOpen);
    expect(votesOf(c, FRANK)).toEqual([0, 1]);
  });

  it('of one that is no validator any more still counts, and harms nobody', () => {
    const c = court();
    c.open();
    c.commit(1n, EVE, 'ProviderAtFault');
    c.commit(1n, FRANK, 'ProviderAtFault');
    c.asRoot(c.validators.remove_validator, { validator: EVE });
    c.asRoot(c.validators.remove_validator, { validator: GRACE });
    c.asRoot(c.validators.add_validator, {
      validator: DAVE,
      keys: { aura: account(1), grandpa: account(2) },
    });
    c.advance(HOUR);
    c.reveal(1n, EVE, 'ProviderAtFault');
    c.reveal(1n, FRANK, 'ProviderAtFault');
    c.advance(HOUR);
    expect(c.leaseNow().status.type).toBe('Faulted');
    expect(votesOf(c, DAVE)).toEqual([0, 0]);
  });

  it('comes too late in the block in which the decision is due, also where the chain is late with that', () => {
    const c = court({ arbitration: { due_per_block: 1 } });
    const other = c.rent(1n);
    for (const lease of [c.lease, other]) c.ok(ALICE, c.arbitration.open_dispute, { ...c.complaint, lease });
    for (const dispute of [1n, 2n]) c.commit(dispute, EVE, 'Inconclusive');
    c.advance(HOUR);
    c.advance(1n);
    c.advance(HOUR - 1n);
    const late = [1n, 2n].find((dispute) => c.disputeAt(dispute).status.type === 'Open') ?? 0n;
    const shown = { dispute: late, ...voteFor('Inconclusive'), salt: SALT };
    c.refuses(EVE, c.arbitration.reveal_vote, shown, errors.RevealNotOpen);
    c.advance(1n);
    expect(c.disputeAt(late).status.type).toBe('Decided');
  });

  it('of many disputes at one moment is counted over as many blocks as the bound needs', () => {
    const c = court({ arbitration: { due_per_block: 2 } });
    const leases = [c.lease, ...Array.from({ length: 3 }, () => c.rent(1n))];
    for (const lease of leases) c.ok(ALICE, c.arbitration.open_dispute, { ...c.complaint, lease });
    const decided = (): number =>
      leases.filter((_, index) => c.disputeAt(BigInt(index) + 1n).status.type === 'Decided').length;
    c.advance(HOUR);
    expect(decided()).toBe(2);
    c.advance(1n);
    expect(decided()).toBe(4);
  });
});

describe('a commitment', () => {
  it('is the same for everybody who encodes the vote as told', () => {
    const voter = Uint8Array.from(
      Buffer.from('d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d', 'hex'),
    );
    const observed = { reachable: true, cpu_cores: 2, memory_mib: 2048, disk_gib: 10 };
    const vote = { verdict: { type: 'ClaimUnfounded' as const }, observed };
    const hash = commitmentOf({ dispute: 7n, voter, vote, salt: SALT });
    expect(Buffer.from(hash).toString('hex')).toBe(
      'b3d06b8e4251067a2f408c43bf8341eb39fa81d593e54ba257afea40fca83ad1',
    );
  });
});

describe('the counting', () => {
  const verdict = fc.constantFrom('ProviderAtFault', 'ClaimUnfounded', 'Inconclusive', undefined);

  it('gives a verdict other than Inconclusive only to more than half of the panel', () => {
    fc.assert(
      fc.property(fc.array(verdict, { minLength: 1, maxLength: 64 }), (verdicts) => {
        const voices: Voice[] = verdicts.map((type, index) => ({
          who: account(index),
          vote: type && { verdict: { type }, observed: OBSERVED },
        }));
        const decision = decide(voices);
        const count = verdicts.filter((type) => type === decision.verdict).length;
        const hasMajority = 2 * count > verdicts.length;
        expect(decision.voters.length).toBe(hasMajority ? count : 0);
        if (decision.verdict !== 'Inconclusive') expect(hasMajority).toBe(true);
      }),
    );
  });

  it('divides deposits and slashes to the last planck', () => {
    const money = fc.bigInt({ min: 0n, max: 2n ** 100n });
    const size = fc.integer({ min: 1, max: 64 });
    fc.assert(
      fc.property(money, money, size, fc.nat(1_000_000), (amount, refunded, voters, part) => {
        const deposit = splitDeposit(amount, voters);
        expect(deposit.provider + deposit.voter * BigInt(voters)).toBe(amount);
        expect(deposit.provider).toBeGreaterThanOrEqual(deposit.voter * BigInt(voters));
        const slash = splitSlash(amount, refunded, { size: voters, part });
        expect(slash.renter + slash.treasury + slash.voter * BigInt(voters)).toBe(amount);
        expect(slash.renter).toBeLessThanOrEqual(refunded);
        expect(slash.treasury === 0n || slash.renter === refunded).toBe(true);
      }),
    );
  });
});
