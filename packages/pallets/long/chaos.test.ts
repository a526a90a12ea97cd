import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { history, live, type Tally } from '../test/market/chaos.ts';

const given = (name: string): number | undefined => {
  const text = process.env[name];
  return text === undefined ? undefined : Number(text);
};

/**
 * `HAMSTER_CHAOS_RUNS` says how many lives, `HAMSTER_CHAOS_SEED` which ones: a failure prints its seed, and the same seed
 * fails in the same way.
 */
const runs = given('HAMSTER_CHAOS_RUNS');
const seed = given('HAMSTER_CHAOS_SEED');
const seeded = seed === undefined ? {} : { seed };

/** Calls that so many lives cannot but make; rarer ones, such as the withdrawal of what unbonds for days, are left to chance. */
const COMMON_CALLS = [
  ...['stake', 'unstake', 'register_resource', 'update_prices', 'set_status'],
  ...[
    'announce_maintenance',
    'put_off_maintenance',
    'create_order',
    'accept_order',
    'reject_order',
    'cancel_order',
    'heartbeat',
  ],
  ...['settle', 'terminate_lease', 'extend_lease', 'register', 'go_offline', 'claim_rewards', 'open_dispute'],
  ...['commit_vote', 'reveal_vote', 'add_validator', 'remove_validator', 'set_keys', 'set_parameters'],
];

describe('chaos', { timeout: 1_800_000 }, () => {
  it('of many short lives leaves the books in order', () => {
    const tally: Tally = new Map();
    fc.assert(
      fc.property(history({ min: 30, max: 120 }), (steps) => live(steps, tally)),
      { numRuns: runs ?? 60, ...seeded },
    );
    expect(COMMON_CALLS.filter((name) => !tally.has(name))).toEqual([]);
  });

  it('of a day, block by block, leaves the books in order', () => {
    fc.assert(
      fc.property(history({ min: 1_800, max: 1_800 }), (steps) => live(steps)),
      { numRuns: 1, endOnFailure: true, ...seeded },
    );
  });
});
