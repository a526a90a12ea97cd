import { createRuntime, PRESETS } from '@hamster/runtime';
import { bytes, compact, u32 } from '@hamster/scale';
import { expect, it, vi } from 'vitest';
import { manualNode, SPEC } from './harness.ts';

const IMAGES = 2 ** 19;

/** `Provider.update_endpoint` with half a million names of nothing, with somebody's signature in front that is none. */
const update = bytes.encode(
  Buffer.concat([
    Uint8Array.of(0x84, 0, ...new Uint8Array(32).fill(7), 1, ...new Uint8Array(64), 0, 0, 0, 0),
    Uint8Array.of(10, 7, ...new Uint8Array(9), ...compact(u32).encode(IMAGES)),
    new Uint8Array(IMAGES),
  ]),
);

it('does not decode a transaction whose lists would take its memory', async () => {
  const runtime = createRuntime();
  const check = vi.spyOn(runtime, 'check');
  const chainSpec = { ...SPEC, genesis: PRESETS.dev };
  const { backend } = await manualNode({ chainSpec }, runtime);
  await expect(backend.submit(update)).rejects.toMatchObject({ code: 'BAD_FORMAT' });
  expect(check).not.toHaveBeenCalled();
});
