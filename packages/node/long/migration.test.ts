import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toHex } from '@hamster/crypto';
import { storagePrefix, storageVersionKey } from '@hamster/frame';
import { u64 } from '@hamster/scale';
import { expect, it, onTestFinished } from 'vitest';
import { startNodeProcess, type NodeProcess } from '../test/clients/support/node-process.ts';
import { DEV_SPEC } from '../test/core/root.ts';
import { wsAddressOf } from '../test/network/support/light-client.ts';

type Entries = Record<string, string>;

const LEASES = toHex(storagePrefix('ResourceOrder', 'Leases'));
const CURSOR = toHex(storagePrefix('MultiBlockMigrations', 'Cursor'));
const ISSUED = toHex(storagePrefix('Balances', 'TotalIssuance'));
const VERSION = toHex(storageVersionKey('ResourceOrder'));
/** What light clients run. The state was made by rules alone, without the node that puts this beside them. */
const CODE = { '0x3a636f6465': '0x00' };
const COPIES = 20_000;

/** The state that a release of specVersion 3 made, with so many copies of a lease that has ended: more than a block migrates. */
async function oldState(): Promise<Entries> {
  const file = new URL('../../runtime/test/fixtures/state-of-spec-3.json', import.meta.url);
  const entries = JSON.parse(await readFile(file, 'utf8')) as Entries;
  // Of a lease that has ended: a running one would have an appointment and money.
  const lease = Object.entries(entries).find(
    ([key]) => key.startsWith(LEASES) && key.endsWith('04' + '00'.repeat(7)),
  );
  const copies = Array.from({ length: COPIES }, (_, id) => {
    const key = `${LEASES}${'ff'.repeat(8)}${toHex(u64.encode(BigInt(1_000 + id))).slice(2)}`;
    return [key, lease?.[1] ?? ''] as const;
  });
  return { ...CODE, ...entries, ...Object.fromEntries(copies) };
}

async function call<T>({ port }: NodeProcess, method: string, ...params: readonly unknown[]): Promise<T> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  // Not kept alive: a node that computes for longer than it keeps a silent connection closes it under the next question.
  const headers = { 'content-type': 'application/json', connection: 'close' };
  const signal = AbortSignal.timeout(120_000);
  const answer = await fetch(`http://127.0.0.1:${port}`, { method: 'POST', headers, body, signal });
  return ((await answer.json()) as { result: T }).result;
}

/** Asks again and again until the answer is as wanted. */
async function eventually<T>(ask: () => Promise<T>, isWanted: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (isWanted(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const numberOf = async (node: NodeProcess): Promise<number> =>
  Number((await call<{ number: string }>(node, 'chain_getHeader')).number);
const stored = (node: NodeProcess, key: string) => call<string | null>(node, 'state_getStorage', key);

async function site() {
  const folder = await mkdtemp(join(tmpdir(), 'hamster-migration-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const entries = await oldState();
  const genesis = { raw: { top: entries, childrenDefault: {} } };
  const outline = { bootNodes: [], telemetryEndpoints: null, protocolId: null, codeSubstitutes: {} };
  const spec = join(folder, 'spec.json');
  await writeFile(spec, JSON.stringify({ ...DEV_SPEC, ...outline, id: 'old', genesis }));
  const start = async (place: string, ...flags: string[]): Promise<NodeProcess> => {
    const base = ['--chain', spec, '--base-path', join(folder, place), '--port', '0'];
    const node = await startNodeProcess(...base, ...flags);
    onTestFinished(async () => void (await node.stop()));
    return node;
  };
  return { entries, start };
}

it('a chain of an older release is migrated over several blocks, through a kill, and followed by a node that comes later', async () => {
  const { entries, start } = await site();
  // Blocks on demand, so that the first of them is the last before the kill, however slow the machine is.
  const author = await start('author', '--alice', '--manual-seal');
  await call(author, 'dev_newBlock');
  const cursor = await stored(author, CURSOR);
  expect(cursor).not.toBeNull();
  await author.stop('SIGKILL');

  const reader = await start('author');
  expect(await numberOf(reader)).toBe(1);
  expect(await stored(reader, CURSOR)).toBe(cursor);
  expect(await stored(reader, VERSION)).toBeNull();
  await reader.stop();

  const again = await start('author', '--alice');
  await eventually(
    () => stored(again, VERSION),
    (version) => version === '0x0100',
  );
  expect(await stored(again, CURSOR)).toBeNull();
  expect(await stored(again, ISSUED)).toBe(entries[ISSUED]);
  const copies = Object.entries(entries).filter(([key]) => key.startsWith(`${LEASES}${'ff'.repeat(8)}`));
  for (const [key, value] of [copies[0], copies[COPIES / 2], copies[COPIES - 1]].flatMap((each) =>
    each ? [each] : [],
  )) {
    expect(await stored(again, key)).toBe(`${value}00`);
  }

  const full = await start('full', '--bootnodes', wsAddressOf(again));
  const migrated = await numberOf(again);
  expect(migrated).toBeGreaterThan(2);
  await eventually(
    () => numberOf(full),
    (number) => number >= migrated,
  );
  const hashes = await Promise.all(
    [again, full].map((node) => call<string>(node, 'chain_getBlockHash', migrated)),
  );
  expect(hashes[0]).toBe(hashes[1]);
}, 300_000);
