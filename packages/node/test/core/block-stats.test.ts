import type { Runtime } from '@hamster/frame';
import { expect, it } from 'vitest';
import { manualNode } from './harness.ts';
import { testRuntime } from './test-runtime.ts';

it('blocks are executed again one after the other, also when many are asked for at once', async () => {
  const inner = testRuntime();
  const steps: string[] = [];
  const runtime: Runtime = {
    ...inner,
    inForce: () => runtime,
    initializeBlock(...given) {
      steps.push('begins');
      return inner.initializeBlock(...given);
    },
    *applyInSteps(...given) {
      // Longer than a slice, so that others get their turn.
      for (const since = performance.now(); performance.now() - since < 5;);
      yield;
      return yield* inner.applyInSteps(...given);
    },
    finalizeBlock(...given) {
      steps.push('ends');
      return inner.finalizeBlock(...given);
    },
  };
  const { backend } = await manualNode({}, runtime);
  const { hash } = await backend.manualSeal.newBlock();
  steps.length = 0;
  const all = await Promise.all(Array.from({ length: 4 }, () => backend.blockStats(hash)));
  expect(all).toEqual(Array(4).fill(expect.objectContaining({ numExtrinsics: 1 })));
  expect(steps).toEqual(Array(4).fill(['begins', 'ends']).flat());
});

it('a node that closes executes no more blocks again, and leaves its database alone', async () => {
  const inner = testRuntime();
  const begun = Promise.withResolvers<void>();
  let [isMeasured, isClosed] = [false, false];
  const runtime: Runtime = {
    ...inner,
    inForce: () => runtime,
    *applyInSteps(...given) {
      if (isMeasured) begun.resolve();
      // As long as the node takes to close, if it does not end before.
      while (isMeasured && !isClosed) {
        for (const since = performance.now(); performance.now() - since < 3;);
        yield;
      }
      return yield* inner.applyInSteps(...given);
    },
  };
  const node = await manualNode({}, runtime);
  const { hash } = await node.backend.manualSeal.newBlock();
  isMeasured = true;
  const stats = Promise.allSettled([node.backend.blockStats(hash), node.backend.blockStats(hash)]);
  await begun.promise;
  await node.close();
  isClosed = true;
  const [first, second] = await stats;
  expect(first).toMatchObject({ status: 'rejected', reason: { code: 'NODE_STATE_UNAVAILABLE' } });
  expect(second).toEqual({ status: 'fulfilled', value: undefined });
});
