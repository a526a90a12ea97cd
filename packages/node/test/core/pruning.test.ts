import type { Pruning } from '@hamster/state';
import { createRuntime } from '@hamster/runtime';
import { expect, it } from 'vitest';
import type { BlockId } from '../../src/index.ts';
import { openDatabase } from '../../src/storage/database.ts';
import { keepStates } from '../../src/storage/kept-states.ts';
import { ALICE } from './dev-keys.ts';
import { manualNode, SPEC, temporaryFolder } from './harness.ts';
import { DEV_SPEC } from './root.ts';

type Window = Pruning | undefined;

/** Lives of a node on one chain, one after the other, each with states of its own choice and so many new blocks. */
async function lives(...each: readonly (readonly [pruning: Window, blocks: number])[]) {
  const basePath = await temporaryFolder();
  const heads: BlockId[] = [];
  const live = async (pruning: Window, blocks: number): Promise<number[]> => {
    const node = await manualNode({ basePath, ...(pruning && { pruning }) });
    for (let made = 0; made < blocks; made++) heads.push(await node.backend.manualSeal.newBlock());
    const kept = heads.filter(({ hash }) => node.backend.stateAt(hash)).map(({ number }) => number);
    await node.close();
    return kept;
  };
  for (const [pruning, blocks] of each.slice(0, -1)) await live(pruning, blocks);
  const [pruning, blocks] = each.at(-1) ?? [undefined, 0];
  return live(pruning, blocks);
}

const from = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

it.each([
  [
    'goes on with the window that it had',
    [
      [4, 10],
      [undefined, 3],
    ],
    from(10, 13),
  ],
  [
    'makes the window larger with the blocks that come',
    [
      [4, 10],
      [8, 9],
    ],
    from(12, 19),
  ],
  [
    'makes the window smaller at the next block',
    [
      [8, 10],
      [4, 1],
    ],
    from(8, 11),
  ],
  [
    'becomes an archive while nothing was pruned',
    [
      [16, 10],
      ['archive', 30],
    ],
    from(1, 40),
  ],
] as const)('a node that is started again %s', async (_what, each, kept) => {
  expect(await lives(...each)).toEqual(kept);
});

it('keeps no other state than the best one, and goes on making blocks final', async () => {
  const { backend } = await manualNode({ chainSpec: DEV_SPEC, keys: ALICE, pruning: 1 }, createRuntime());
  for (let number = 1; number <= 3; number++) {
    const before = backend.best().hash;
    expect(await backend.manualSeal.newBlock()).toEqual(backend.finalized());
    expect(backend.stateAt(before)).toBeUndefined();
  }
});

it('refuses to be an archive of which states are gone, and says what to do', async () => {
  const refused = lives([4, 10], ['archive', 1]);
  await expect(refused).rejects.toMatchObject({ code: 'NODE_PRUNING' });
  await expect(refused).rejects.toThrow(
    /the states before block #\d+ are pruned\. Go on with --pruning 4, or purge the chain/,
  );
});

it('refuses to cut an archive down, says what to do, and leaves it as it was', async () => {
  const basePath = await temporaryFolder();
  const first = await manualNode({ basePath, pruning: 'archive' });
  const head = await first.backend.manualSeal.newBlock();
  await first.close();
  const refused = manualNode({ basePath, pruning: 4 });
  await expect(refused).rejects.toMatchObject({ code: 'NODE_PRUNING' });
  await expect(refused).rejects.toThrow(
    'is an archive, which cannot be cut down to 4 blocks of state. Go on with --pruning archive',
  );
  const again = await manualNode({ basePath });
  expect(again.backend.best()).toEqual(head);
  expect(again.backend.stateAt(again.backend.genesisHash)).toBeDefined();
});

it('may be what it likes behind an archive that was killed before it began', async () => {
  const basePath = await temporaryFolder();
  const database = await openDatabase({ basePath }, SPEC.id);
  keepStates(database.env, 'archive');
  await database.close();
  const node = await manualNode({ basePath, pruning: 4 });
  expect(node.backend.best().number).toBe(0);
});

it('is told nothing by a start with the spec of another chain', async () => {
  const basePath = await temporaryFolder();
  const first = await manualNode({ basePath, pruning: 8 });
  for (let block = 0; block < 8; block++) await first.backend.manualSeal.newBlock();
  await first.close();
  const chainSpec = { ...SPEC, genesis: { seed: 2 } };
  await expect(manualNode({ basePath, chainSpec, pruning: 1 })).rejects.toMatchObject({
    code: 'NODE_OTHER_GENESIS',
  });
  const again = await manualNode({ basePath });
  const before = again.backend.hashAt(4) ?? '0x';
  await again.backend.manualSeal.newBlock();
  expect(again.backend.stateAt(before)).toBeDefined();
});
