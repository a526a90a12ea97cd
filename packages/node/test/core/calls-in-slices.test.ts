import { setImmediate as turn } from 'node:timers/promises';
import { inOneGo } from '@hamster/frame';
import { createRuntime } from '@hamster/runtime';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { NodeOptions } from '../../src/index.ts';
import { dryRun } from '../../src/execution/dry-run.ts';
import { keysOfCall } from '../../src/network/serve/call-proof.ts';
import { ALICE } from './dev-keys.ts';
import { bestState, blockOf, manualNode, type Running } from './harness.ts';
import { DEV_SPEC, Root } from './root.ts';

/** As many as a batch may have in it. */
const FULL = 256;
const BATCHES = 4;
const CALLS = FULL * BATCHES;

/** `System.remark` of one byte. */
const REMARK = '0x00000400';

const start = (options: Partial<NodeOptions> = {}) =>
  manualNode({ chainSpec: DEV_SPEC, keys: ALICE, ...options }, createRuntime());

/** A transaction of root: a batch of batches. */
const batches = (node: Pick<Running, 'backend'>): Uint8Array => {
  const root = new Root(createRuntime());
  const full = root.call('Utility', 'force_batch', Array<string>(FULL).fill(REMARK));
  return root.ask(node, 'Utility', 'batch', Array(BATCHES).fill(full));
};

/** A host on which each look at the clock takes a millisecond: a slice is over as soon as it may be. */
const slowClock = (): void => {
  let now = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now++);
  onTestFinished(() => clock.mockRestore());
};

/** How often the event loop comes round until the work is done. */
const turnsOf = async (work: Promise<unknown>): Promise<number> => {
  let isDone = false;
  const end = work.finally(() => (isDone = true));
  let turns = 0;
  for (; !isDone; turns++) await turn();
  await end;
  return turns;
};

it('a block with a batch of batches is made, and taken in, in slices: clients are answered between the calls', async () => {
  const [author, follower] = [await start(), await start()];
  await author.backend.submit(batches(author));
  slowClock();
  expect(await turnsOf(author.backend.manualSeal.newBlock())).toBeGreaterThan(CALLS);
  const { hash } = author.backend.best();
  expect(author.backend.body(hash)).toHaveLength(2);
  expect(await turnsOf(follower.importBlock(blockOf(author.backend, hash)))).toBeGreaterThan(CALLS);
  expect(follower.backend.best()).toEqual({ hash, number: 1 });
});

it('such an extrinsic that a client tries, or wants to have proved, stops between its calls', async () => {
  const node = await start();
  const [extrinsic, runtime] = [batches(node), createRuntime()];
  const [state, best] = [bestState(node.backend), node.backend.best()];
  expect([...dryRun(runtime, { ...best, state }, extrinsic)].length).toBeGreaterThan(CALLS);
  await node.backend.manualSeal.newBlock();
  const call = { method: 'BlockBuilder_apply_extrinsic', args: extrinsic };
  expect([...keysOfCall(runtime, bestState(node.backend), call)].length).toBeGreaterThan(CALLS);
});

it('what a client tries on a state that is pruned at a stop fails for that reason, whatever the rules made of it', async () => {
  const { backend } = await start({ pruning: 1 });
  await backend.manualSeal.newBlock();
  const { hash } = backend.best();
  const extrinsic = batches({ backend });
  const steps = backend.callRuntimeInSteps(hash, 'BlockBuilder_apply_extrinsic', extrinsic);
  expect(steps.next().done).toBe(false);
  while (backend.stateAt(hash)) await backend.manualSeal.newBlock();
  expect(() => inOneGo(steps)).toThrow(expect.objectContaining({ code: 'NODE_STATE_UNAVAILABLE' }));
});
