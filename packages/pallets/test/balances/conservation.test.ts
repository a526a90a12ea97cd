import { signedBy } from '@hamster/frame';
import { assertHealthy } from '@hamster/frame/testing';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { account, moneyChain } from '../support/money.ts';

const who = fc.integer({ min: 1, max: 4 }).map(account);
const amount = fc.bigInt(0n, 1200n);
const reason = fc.constantFrom('Stake', 'Escrow');

const step = fc.oneof(
  fc.record({ type: fc.constantFrom('allow' as const, 'keep' as const), from: who, to: who, amount }),
  fc.record({ type: fc.constantFrom('hold' as const, 'release' as const), from: who, reason, amount }),
  fc.record({ type: fc.constant('pay' as const), from: who, to: who, reason, amount }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const attempt = (run: () => void): void => {
  try {
    run();
  } catch {
    // Refused: that is as good as any outcome here.
  }
};

const perform = ({ chain, calls, currency }: ReturnType<typeof moneyChain>, action: Step): void => {
  const by = signedBy(action.from);
  const args =
    'to' in action ? { dest: { type: 'Id' as const, value: action.to }, value: action.amount } : undefined;
  if (action.type === 'allow' && args) chain.run(by, calls.transfer_allow_death, args);
  if (action.type === 'keep' && args) chain.run(by, calls.transfer_keep_alive, args);
  attempt(() => {
    if (action.type === 'hold') currency.hold(chain.ctx, action.reason, action.from, action.amount);
    if (action.type === 'release') currency.release(chain.ctx, action.reason, action.from, action.amount);
    if (action.type === 'pay')
      currency.transferHeld(chain.ctx, action.reason, action.from, action.to, action.amount);
  });
};

describe('whatever happens', () => {
  it('lesson 12: issuance = free + reserved, reserved = holds, and nobody lives on less than the deposit', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const money = moneyChain(1000n, 500n, 20n);
        for (const action of steps) perform(money, action);
        assertHealthy(money.chain);
      }),
      { numRuns: 150 },
    );
  });
});
