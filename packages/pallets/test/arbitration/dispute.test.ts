import { badOrigin, ROOT } from '@hamster/frame';
import { assertNoop } from '@hamster/frame/testing';
import { describe, expect, it } from 'vitest';

import { errors } from '../../src/arbitration/errors.ts';
import { DEV_PARAMETERS, PUBLIC_PARAMETERS } from '../../src/arbitration/parameters.ts';
import { Ballots, DisputeOfLease, Disputes } from '../../src/arbitration/storage.ts';
import { Leases } from '../../src/resource-order/storage.ts';
import { errors as leaseErrors } from '../../src/resource-order/errors.ts';
import { ALICE, BOB, CHARLIE, DAY, EVE, FRANK, GRACE, HAM, HOUR, MINUTE } from '../market/fixtures.ts';
import { court, DEPOSIT, SALT, voteFor } from './court.ts';

describe('a dispute', () => {
  it('holds a tenth of the rent, and asks the validators', () => {
    const c = court();
    const { now } = c.chain.ctx;
    c.open();
    expect(c.held('DisputeDeposit', ALICE)).toBe(DEPOSIT);
    expect(c.disputeAt(1n)).toMatchObject({
      lease: c.lease,
      deposit: DEPOSIT,
      panel: [EVE, FRANK, GRACE],
      commit_until: now + HOUR,
      reveal_until: now + 2n * HOUR,
      status: { type: 'Open' },
    });
    expect(c.leaseNow()).toMatchObject({ status: { type: 'Disputed' }, disputed_at: now });
    expect(c.chain.events().at(-1)).toEqual([
      ...['Arbitration', 'DisputeOpened'],
      {
        ...{ dispute: 1n, lease: c.lease, renter: ALICE, provider: BOB, claim: { type: 'Unreachable' } },
        ...{ deposit: DEPOSIT, panel: 3, commit_until: now + HOUR, reveal_until: now + 2n * HOUR },
      },
    ]);
    c.advance(1n);
  });

  it('costs at least the floor, also of a lease without rent', () => {
    const c = court();
    const free = { cpu_core_hour: 0n, memory_gib_hour: 0n, disk_gib_hour: 0n };
    c.ok(BOB, c.provider.update_prices, { resource: 1n, prices: free });
    const lease = c.rent(1n);
    c.ok(ALICE, c.arbitration.open_dispute, { ...c.complaint, lease });
    expect(c.held('DisputeDeposit', ALICE)).toBe(10n * HAM);
    c.advance(3n * HOUR);
  });

  it('is opened by the renter alone, about a lease that runs, with the money for it', () => {
    const c = court();
    const open = c.arbitration.open_dispute;
    for (const who of [BOB, CHARLIE, EVE]) c.refuses(who, open, c.complaint, errors.NotRenter);
    c.refuses(ALICE, open, { ...c.complaint, lease: 99n }, errors.LeaseNotFound);
    const rest = c.currency.spendable(c.chain.ctx, ALICE) - DEPOSIT + 1n;
    c.currency.transfer(c.chain.ctx, ALICE, CHARLIE, rest);
    c.refuses(ALICE, open, c.complaint, errors.InsufficientBalance);
    c.currency.transfer(c.chain.ctx, CHARLIE, ALICE, rest);
    c.open();
    c.refuses(ALICE, open, c.complaint, errors.LeaseNotDisputable);
    const ended = c.rent(1n);
    c.ok(ALICE, c.resourceOrder.terminate_lease, { lease: ended });
    c.refuses(ALICE, open, { ...c.complaint, lease: ended }, errors.LeaseNotDisputable);
  });

  it('can not save a provider whose fault is due', () => {
    const c = court({ resourceOrder: { due_per_block: 1 } });
    const other = c.rent(1n);
    c.advance(30n * MINUTE);
    const late = [c.lease, other].find((id) => Leases.get(c.chain.ctx, id)?.closed === undefined) ?? 0n;
    c.refuses(ALICE, c.arbitration.open_dispute, { ...c.complaint, lease: late }, errors.LeaseNotDisputable);
  });

  it('is never decided by its parties, and not opened where nobody else is there', () => {
    const c = court({ panel: [ALICE, EVE, BOB] });
    c.open();
    expect(c.disputeAt(1n).panel).toEqual([EVE]);
    for (const who of [ALICE, BOB]) {
      c.refuses(who, c.arbitration.commit_vote, { dispute: 1n, hash: SALT }, errors.NotOnPanel);
    }
    const alone = court({ panel: [ALICE, BOB] });
    alone.refuses(ALICE, alone.arbitration.open_dispute, alone.complaint, errors.NoPanel);
  });

  it('bars the next one for a day after the decision', () => {
    const c = court();
    c.open();
    c.advance(HOUR);
    expect(c.disputeAt(1n).status).toMatchObject({ value: { verdict: { type: 'Inconclusive' } } });
    const keepAlive = (): void => {
      for (let beat = 0; beat < 3; beat += 1) {
        c.advance(5n * MINUTE);
        c.beat(c.lease);
      }
    };
    keepAlive();
    c.refuses(ALICE, c.arbitration.open_dispute, c.complaint, errors.DisputedLately);
    c.ok(ALICE, c.resourceOrder.extend_lease, { lease: c.lease, hours: 20, max_price_per_hour: 100n * HAM });
    for (let times = 0; times < 95; times += 1) keepAlive();
    expect(c.leaseNow().status.type).toBe('Active');
    c.open();
    expect(DisputeOfLease.get(c.chain.ctx, c.lease)).toBe(2n);
  }, 60_000);

  it('is forgotten after a month, with its votes', () => {
    const c = court();
    c.open();
    c.vote(1n, [[EVE, 'ProviderAtFault']]);
    c.advance(30n * DAY - 1n);
    expect(Disputes.has(c.chain.ctx, 1n)).toBe(true);
    c.advance(1n);
    for (const map of [Disputes, DisputeOfLease, Ballots]) expect([...map.entries(c.chain.ctx)]).toEqual([]);
  });
});

describe('a lease that is disputed', () => {
  it('stands still: no rent, no fault, no way out, and the money stays', () => {
    const c = court();
    c.advance(5n * MINUTE);
    c.beat(c.lease);
    const before = c.leaseNow();
    c.advance(MINUTE);
    c.open();
    c.advance(59n * MINUTE);
    c.beat(c.lease);
    for (const who of [ALICE, BOB]) {
      c.refuses(who, c.resourceOrder.terminate_lease, { lease: c.lease }, leaseErrors.LeaseNotActive);
    }
    const extension = { lease: c.lease, hours: 1, max_price_per_hour: 100n * HAM };
    c.refuses(ALICE, c.resourceOrder.extend_lease, extension, leaseErrors.LeaseNotActive);
    c.ok(CHARLIE, c.resourceOrder.settle, { lease: c.lease });
    const { paid, refunded, escrow, collateral } = before;
    expect(c.leaseNow()).toMatchObject({ paid, refunded, escrow, collateral, status: { type: 'Disputed' } });
    expect(c.held('LeaseEscrow', ALICE)).toBe(escrow);
    expect(c.ledger(BOB).locked).toBe(collateral);
  });

  it('goes on where it stopped, and is paid in full, however long it stood still', () => {
    const c = court();
    const end = c.leaseNow().ends_at;
    c.advance(4n * MINUTE);
    c.open();
    c.vote(1n, [[EVE, 'Inconclusive']]);
    expect(c.leaseNow()).toMatchObject({
      status: { type: 'Active' },
      ends_at: end + 2n * HOUR,
      time_lost: 2n * HOUR,
    });
    expect(c.said('ResourceOrder')).toEqual(['LeaseReinstated']);
    for (let beat = 0; beat < 120; beat += 1) {
      if (c.leaseNow().closed) break;
      c.beat(c.lease);
      c.advance(5n * MINUTE);
    }
    expect(c.leaseNow()).toMatchObject({ status: { type: 'Finished' }, paid: 250n * HAM, refunded: 0n });
    expect(c.leaseNow().closed?.at).toBeGreaterThanOrEqual(end + 2n * HOUR);
    expect(c.resource(1n).statistics).toMatchObject({
      leases_served: 1,
      hours_served: 10n,
      disputes_lost: 0,
    });
  }, 60_000);

  it('comes to its later prices as much later', () => {
    const c = court();
    const prices = { cpu_core_hour: HAM, memory_gib_hour: HAM, disk_gib_hour: HAM };
    c.ok(BOB, c.provider.update_prices, { resource: 1n, prices });
    const more = { lease: c.lease, hours: 2, max_price_per_hour: 100n * HAM };
    c.ok(ALICE, c.resourceOrder.extend_lease, more);
    const { later, rate_since, ends_at } = c.leaseNow();
    c.open();
    c.advance(HOUR);
    expect(c.leaseNow()).toMatchObject({
      ...{ rate_since: rate_since + HOUR, ends_at: ends_at + HOUR },
      later: [{ ...later[0], from: (later[0]?.from ?? 0n) + HOUR }],
    });
  });

  it('is as silent afterwards as it was before', () => {
    const c = court();
    c.advance(12n * MINUTE);
    c.open();
    c.advance(HOUR);
    expect(c.leaseNow().status.type).toBe('Suspended');
    expect(c.said('ResourceOrder')).toEqual(['LeaseReinstated', 'LeaseSuspended']);
    c.advance(18n * MINUTE - 1n);
    expect(c.leaseNow().status.type).toBe('Suspended');
    c.advance(1n);
    expect(c.leaseNow()).toMatchObject({ status: { type: 'Faulted' }, paid: 0n, refunded: 250n * HAM });
  });

  it('may stand still beyond its agreed end and beyond the end of the offer', () => {
    const c = court({ arbitration: { commit_period: 400n * DAY } });
    c.open();
    c.advance(399n * DAY);
    expect(c.leaseNow().status.type).toBe('Disputed');
    c.advance(DAY);
    expect(c.leaseNow()).toMatchObject({ status: { type: 'Active' }, escrow: 250n * HAM });
    c.advance(HOUR);
    expect(c.leaseNow().status.type).toBe('Faulted');
    expect(c.held('LeaseEscrow', ALICE)).toBe(0n);
  });
});

describe('the parameters', () => {
  it('are set by root, when the rules can work with them', () => {
    const c = court();
    const set = c.arbitration.set_parameters;
    c.refuses(ALICE, set, { parameters: DEV_PARAMETERS }, badOrigin);
    c.asRoot(set, { parameters: DEV_PARAMETERS });
    for (const changes of [
      { deposit_part: 1_000_001 },
      { voters_part: 1_000_001 },
      { min_deposit: 0n },
      { commit_period: 0n },
      { reveal_period: 2n ** 62n },
      { reopen_after: 31n * DAY },
      { reopen_after: 0n },
      { due_per_block: 0 },
    ]) {
      const parameters = { ...PUBLIC_PARAMETERS, ...changes };
      assertNoop(c.chain, () => c.chain.run(ROOT, set, { parameters }), errors.InvalidParameters);
    }
    expect(() => court({ arbitration: { min_deposit: 0n } })).toThrow(/arbitration\.parameters/);
  });

  it('of a dispute are those of its beginning', () => {
    const c = court();
    c.open();
    c.asRoot(c.arbitration.set_parameters, { parameters: DEV_PARAMETERS });
    c.commit(1n, EVE, 'ProviderAtFault');
    c.advance(HOUR - 1n);
    c.refuses(
      EVE,
      c.arbitration.reveal_vote,
      { dispute: 1n, ...voteFor('ProviderAtFault'), salt: SALT },
      errors.RevealNotOpen,
    );
  });
});
