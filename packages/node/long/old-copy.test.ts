import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startNodeProcess, type NodeProcess } from '../test/clients/support/node-process.ts';
import { hamsterNode, wsAddressOf } from '../test/network/support/light-client.ts';
import { until } from '../test/network/support/networks.ts';

const BLOCK_TIME = ['--block-time', '400ms'];
const CAUGHT_UP = 'All that the peers have is here: this node may author';
const IN_USE = 'The keys of this node are in use elsewhere';

interface Line {
  readonly msg: string;
  readonly number?: number;
}

const running = new Set<NodeProcess>();
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hamster-old-copy-'));
});
afterEach(async () => {
  for (const node of running) await stop(node);
  await rm(folder, { recursive: true, force: true });
});

async function start(place: string, ...flags: string[]): Promise<NodeProcess> {
  const node = await startNodeProcess('--base-path', join(folder, place), '--port', '0', ...flags);
  running.add(node);
  return node;
}

async function stop(node: NodeProcess): Promise<void> {
  running.delete(node);
  await node.stop();
}

const linesOf = ({ lines }: NodeProcess): Line[] => lines.map((line) => JSON.parse(line) as Line);
const hasSaid = (node: NodeProcess, words: string): boolean =>
  linesOf(node).some(({ msg }) => msg.includes(words));
const madeBy = (node: NodeProcess): number[] =>
  linesOf(node).flatMap(({ msg, number }) => (msg === 'Block made' && number !== undefined ? [number] : []));
const bestOf = async ({ port }: NodeProcess): Promise<number> => {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'chain_getHeader', params: [] });
  const headers = { 'content-type': 'application/json' };
  const signal = AbortSignal.timeout(20_000);
  const answer = await fetch(`http://127.0.0.1:${port}`, { method: 'POST', headers, body, signal });
  const { result } = (await answer.json()) as { result: { number: string } };
  return Number(result.number);
};
async function reaches(node: NodeProcess, number: number): Promise<void> {
  while ((await bestOf(node)) < number) await new Promise((resolve) => setTimeout(resolve, 50));
}

it('an author from an old copy goes on where its full node is, and a second one with its keys makes nothing', async () => {
  const plain = join(folder, 'plain.json');
  await writeFile(plain, await hamsterNode('build-spec', '--chain', 'local', ...BLOCK_TIME));
  const author = await start('author', '--chain', plain, '--alice');
  await until(() => madeBy(author).length >= 4);
  await stop(author);
  // Its folder as it was after a few blocks.
  await cp(join(folder, 'author'), join(folder, 'copy'), { recursive: true });
  await cp(join(folder, 'author'), join(folder, 'second'), { recursive: true });

  const again = await start('author', '--chain', plain, '--alice');
  const full = await start('full', '--chain', plain, '--bootnodes', wsAddressOf(again));
  await until(() => madeBy(again).length >= 8);
  const last = Math.max(...madeBy(again));
  await reaches(full, last);
  await stop(again);

  const spec = join(folder, 'spec.json');
  const named = ['--bootnode', wsAddressOf(full)];
  await writeFile(spec, await hamsterNode('build-spec', '--chain', plain, ...named));
  const restored = await start('copy', '--chain', spec, '--alice');
  await until(() => madeBy(restored).length >= 3);
  expect(hasSaid(restored, CAUGHT_UP)).toBe(true);
  expect(Math.min(...madeBy(restored))).toBeGreaterThan(last);
  await reaches(full, Math.max(...madeBy(restored)));

  // A copy, but for the peer id: nobody can talk to two hosts of one.
  await rm(join(folder, 'second', 'network'), { recursive: true });
  const second = await start('second', '--chain', spec, '--alice');
  await until(() => hasSaid(second, IN_USE));
  const goal = Math.max(...madeBy(restored)) + 3;
  await reaches(full, goal);
  await reaches(second, goal);
  expect(madeBy(second)).toEqual([]);
  expect(hasSaid(restored, IN_USE)).toBe(false);
}, 300_000);
