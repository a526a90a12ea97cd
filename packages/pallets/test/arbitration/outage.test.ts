import { assertHealthy, assertNoop } from '@hamster/frame/testing';
import { signedBy, WeightMeter, weightOf } from '@hamster/frame';
import { describe, expect, it } from 'vitest';

import { commitmentOf } from '../../src/arbitration/index.ts';
import { errors } from '../../src/arbitration/errors.ts';
import { standstillsBefore } from '../../src/arbitration/migrations/v1.ts';
import type { Span } from '../../src/primitives/silence.ts';
import { EVE, FRANK, HOUR, MINUTE } from '../market/fixtures.ts';
import { court, SALT, voteFor } from './court.ts';

/** A dispute, and a chain that may stop. */
const scene = () => {
  const standstills: Span[] = [];
  const c = court({ standstills });
  c.open();
  /** The next block comes after so long a time without any. */
  const outage = (length: bigint): void => {
    const from = c.chain.ctx.now;
    standstills.push({ from, to: from + length });
    c.advance(length);
  };
  const windows = () => {
    const { opened_at, commit_until, reveal_until } = c.disputeAt(1n);
    return [commit_until - opened_at, reveal_until - opened_at];
  };
  const isDecided = () => c.disputeAt(1n).status.type === 'Decided';
  return { ...c, outage, windows, isDecided };
};

describe('the time to vote, on a chain that stands still', () => {
  it('comes back: who could not commit can do so afterwards, for as long as was left', () => {
    const c = scene();
    c.advance(30n * MINUTE);
    c.outage(5n * HOUR);
    expect(c.isDecided()).toBe(false);
    c.commit(1n, EVE, 'ProviderAtFault');
    c.advance(30n * MINUTE - 1n);
    c.commit(1n, FRANK, 'ProviderAtFault');
    c.advance(1n);
    const hash = commitmentOf({ dispute: 1n, voter: FRANK, vote: voteFor('Inconclusive'), salt: SALT });
    const late = () => c.chain.run(signedBy(FRANK), c.arbitration.commit_vote, { dispute: 1n, hash });
    assertNoop(c.chain, late, errors.CommitOver);
    expect(c.windows()).toEqual([6n * HOUR, 7n * HOUR]);
    for (const voter of [EVE, FRANK]) c.reveal(1n, voter, 'ProviderAtFault');
    c.advance(HOUR);
    expect(c.disputeAt(1n).status).toMatchObject({ value: { verdict: { type: 'ProviderAtFault' } } });
    assertHealthy(c.chain);
  });

  it('comes back to reveal, too, and nobody is counted as having missed the vote', () => {
    const c = scene();
    for (const voter of [EVE, FRANK]) c.commit(1n, voter, 'ProviderAtFault');
    c.advance(HOUR);
    c.advance(10n * MINUTE);
    c.outage(3n * HOUR);
    expect(c.isDecided()).toBe(false);
    c.advance(50n * MINUTE - 1n);
    for (const voter of [EVE, FRANK]) c.reveal(1n, voter, 'ProviderAtFault');
    c.advance(1n);
    expect(c.windows()).toEqual([HOUR, 5n * HOUR]);
    expect(c.disputeAt(1n).status).toMatchObject({ value: { verdict: { type: 'ProviderAtFault' } } });
    assertHealthy(c.chain);
  });

  it('is told where it has moved, once for each window, and a standstill counts once', () => {
    const c = scene();
    c.commit(1n, EVE, 'ProviderAtFault');
    c.advance(59n * MINUTE);
    c.outage(HOUR);
    expect(c.chain.events().map(([, name]) => name)).toContain('VotingProlonged');
    expect(c.windows()).toEqual([2n * HOUR, 3n * HOUR]);
    c.advance(MINUTE);
    expect(c.chain.events().map(([, name]) => name)).toContain('RevealBegan');
    c.outage(2n * HOUR);
    expect(c.windows()).toEqual([2n * HOUR, 5n * HOUR]);
    c.advance(HOUR - 1n);
    expect(c.isDecided()).toBe(false);
    c.advance(1n);
    expect(c.isDecided()).toBe(true);
    assertHealthy(c.chain);
  });

  it('is what it was for a dispute that is opened afterwards', () => {
    const standstills: Span[] = [];
    const c = court({ standstills });
    const from = c.chain.ctx.now;
    standstills.push({ from, to: from + MINUTE });
    c.advance(MINUTE);
    c.open();
    c.advance(HOUR);
    expect(c.disputeAt(1n).status.type).toBe('Decided');
  });

  it('does not come back for what the chain stood still before there was such a rule', () => {
    const standstills: Span[] = [];
    const c = court({ standstills });
    c.open();
    for (const voter of [EVE, FRANK]) c.commit(1n, voter, 'ProviderAtFault');
    c.advance(HOUR);
    c.reveal(1n, EVE, 'ProviderAtFault');
    const { opened_at } = c.disputeAt(1n);
    standstills.push({ from: opened_at + MINUTE, to: opened_at + 30n * MINUTE });
    const meter = new WeightMeter(weightOf(1_000, 100));
    expect(standstillsBefore.step(c.chain.ctx, undefined, meter)).toBeUndefined();
    c.reveal(1n, FRANK, 'ProviderAtFault');
    c.advance(HOUR);
    expect(c.disputeAt(1n).status).toMatchObject({ value: { verdict: { type: 'ProviderAtFault' } } });
    expect(standstillsBefore.step(c.chain.ctx, undefined, meter)).toBeUndefined();
    assertHealthy(c.chain);
  });
});
