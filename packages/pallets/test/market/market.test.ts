import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { history, live, racing, type Tally } from './chaos.ts';

// A failure prints its seed and the smallest history that fails.
describe('the market, whatever anybody does', { timeout: 180_000 }, () => {
  it('lesson 12: keeps every invariant, refuses without a trace, and in the end holds nothing for anybody', () => {
    const tally: Tally = new Map();
    const steps = history({ min: 30, max: 80 });
    fc.assert(
      fc.property(steps, (blocks) => live(blocks, tally)),
      { numRuns: 20 },
    );
    // What never succeeds proves nothing.
    const reached = [
      ...['ResourceOrder.accept_order', 'ResourceOrder.heartbeat', 'Gateway.register', 'Utility.batch'],
      ...['Arbitration.open_dispute', 'Arbitration.commit_vote', 'Sudo.sudo', 'Balances.transfer_all'],
    ];
    for (const name of reached) {
      expect([name, tally.get(name) ?? 0]).not.toEqual([name, 0]);
    }
  });

  it('nor by racing others to the moment at which something is due', () => {
    fc.assert(
      fc.property(racing({ min: 30, max: 60 }), (blocks) => live(blocks)),
      { numRuns: 8 },
    );
  });
});
