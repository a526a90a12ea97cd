import { describe, expect, it, onTestFinished } from 'vitest';
import { startNode } from '../src/index.ts';
import { ALICE, NOBODY } from '../test/core/dev-keys.ts';
import { blockOf, manualNode, recorder, withSlots, type Running } from '../test/core/harness.ts';
import { testRuntime } from '../test/core/test-runtime.ts';
import { join, until, type Joined } from '../test/network/support/networks.ts';

const SLOT_MS = 400;
const chainSpec = withSlots(SLOT_MS);

/** An author by the clock that is told of the chain by a boot node, if there is one. */
async function author(history: Running, blocks: number, bootnodes: readonly string[] = []) {
  const { logger, lines } = recorder();
  const joined: { network?: Joined } = {};
  const mayAuthor = () => bootnodes.length === 0 || (joined.network?.isCaughtUp() ?? false);
  const node = await startNode(
    { chainSpec, keys: ALICE, temporary: true, signatureWorkers: 1, logger, mayAuthor },
    { runtime: testRuntime() },
  );
  onTestFinished(() => node.close());
  await copy(history, blocks, node);
  const network = await join(node.access, { role: 'authority', bootnodes });
  joined.network = network;
  const made = () => lines.filter(({ message }) => message === 'Block made').length;
  return { node, lines, network, made };
}

async function copy({ backend }: Running, blocks: number, to: Pick<Running, 'importBlock'>): Promise<void> {
  for (let number = 1; number <= blocks; number++) {
    await to.importBlock(blockOf(backend, backend.hashAt(number) ?? backend.genesisHash));
  }
}

/** Blocks of an hour ago. */
async function history(blocks: number): Promise<Running> {
  const now = Date.now() - 3_600_000;
  const node = await manualNode({ chainSpec, now: () => now });
  for (let made = 0; made < blocks; made++) await node.backend.manualSeal.newBlock();
  return node;
}

describe('an author', () => {
  it('from an old copy takes what its full node has before it makes a block', async () => {
    const past = await history(10);
    const full = await manualNode({ chainSpec, keys: NOBODY });
    await copy(past, 10, full);
    const witness = await join(full.access);
    const { node } = await author(past, 3, [witness.address]);
    await until(() => full.backend.best().number >= 12);
    expect(full.backend.hashAt(10)).toBe(past.backend.hashAt(10));
    expect(node.backend.hashAt(12)).toBe(full.backend.hashAt(12));
    expect(witness.lines.filter(({ level }) => level === 'warn')).toEqual([]);
  });

  it('whose keys another one uses follows that one, and makes nothing', async () => {
    const past = await history(1);
    const first = await author(past, 0);
    await until(() => first.made() > 0);
    const second = await author(past, 0, [first.network.address]);
    await until(() => second.lines.some(({ level }) => level === 'error'));
    const reached = first.node.backend.best().number + 3;
    await until(() => second.node.backend.best().number >= reached);
    expect(second.made()).toBe(0);
    expect(second.lines.filter(({ level }) => level === 'error').map(({ message }) => message)).toEqual([
      expect.stringContaining('The keys of this node are in use elsewhere'),
    ]);
    expect(first.lines.filter(({ level }) => level === 'error')).toEqual([]);
    expect(second.network.isSyncing()).toBe(false);
  });

  it('that made a branch of its own while it was alone stops when it hears of the other one', async () => {
    const past = await history(1);
    const [first, second] = [await author(past, 0), await author(past, 0)];
    await until(() => first.made() > 3 && second.made() > 3);
    await join(first.node.access, { role: 'authority', bootnodes: [second.network.address] });
    const stopped = (): boolean =>
      [first, second].some(({ lines }) => lines.some(({ message }) => message.includes('in use elsewhere')));
    await until(stopped);
  });
});
