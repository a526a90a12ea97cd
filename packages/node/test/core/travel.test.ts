import { createRuntime, PRESETS } from '@hamster/runtime';
import { u64 } from '@hamster/scale';
import { expect, it } from 'vitest';
import { bestState, manualNode, SPEC } from './harness.ts';
import { TIME } from './test-runtime.ts';

const YEAR_MS = 365 * 24 * 3600 * 1000;

const timeOf = (backend: Parameters<typeof bestState>[0]): number =>
  Number(u64.decode(bestState(backend).get(TIME) ?? new Uint8Array(8)));

it('lives a year in a moment, a slot for each block, and goes on from there', async () => {
  const start = 1_800_000_000_000;
  const { backend } = await manualNode(
    { now: () => start, chainSpec: { ...SPEC, genesis: PRESETS.dev } },
    createRuntime(),
  );
  await backend.manualSeal.newBlock();
  expect(timeOf(backend)).toBe(start);
  for (let day = 1; day <= 365; day++) {
    backend.manualSeal.timeTravel(start + (day * YEAR_MS) / 365);
    await backend.manualSeal.newBlock();
  }
  expect(timeOf(backend)).toBe(start + YEAR_MS);
  await backend.manualSeal.newBlock();
  expect(timeOf(backend)).toBe(start + YEAR_MS + 1000);
  expect(backend.finalized()).toEqual(backend.best());
  expect(() => backend.manualSeal.timeTravel(start)).toThrow(
    expect.objectContaining({ code: 'NODE_OPTIONS' }),
  );
});
