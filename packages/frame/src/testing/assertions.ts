import { strict as assert } from 'node:assert';
import type { DispatchResult } from '../dispatcher.ts';
import type { FailureFactory } from '../failure.ts';
import type { MockChain } from './mock-chain.ts';

const snapshot = (chain: MockChain): string[] =>
  [...chain.state.entries()].map((entry) => entry.map((part) => Buffer.from(part).toString('hex')).join(' '));

/** The call succeeded; otherwise the failure's own words. */
export const assertOk = (chain: MockChain, result: DispatchResult): void => {
  if (!result.ok) assert.fail(`The call failed: ${chain.composition.errors.explain(result.error).message}`);
};

/** The call failed with exactly this error, and the state (events included) is what it was. */
export const assertNoop = (chain: MockChain, run: () => DispatchResult, expected: FailureFactory): void => {
  const before = snapshot(chain);
  const result = run();
  if (result.ok) assert.fail(`The call succeeded instead of failing with "${expected().message}"`);
  const { encode, explain } = chain.composition.errors;
  assert.deepEqual(explain(result.error), explain(encode(expected())));
  assert.deepEqual(snapshot(chain), before, 'A failed call changed the state');
};

/** Every pallet's invariants hold, and nothing failed unnoticed. */
export const assertHealthy = (chain: MockChain): void => {
  assert.deepEqual(chain.faults, []);
  chain.composition.tryState(chain.state);
};
