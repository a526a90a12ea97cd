import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { fromHex } from '@hamster/crypto';
import { PRESETS } from '@hamster/runtime';
import { sortedTrieRoot, StateDb } from '@hamster/state';
import { expect, it, onTestFinished } from 'vitest';
import { hashText } from '../src/hash.ts';
import { BlockStore } from '../src/storage/block-store.ts';
import { openEnvironment } from '../src/storage/database.ts';
import { startNodeProcess, type NodeProcess } from '../test/clients/support/node-process.ts';
import { formatOf, toFormat1 } from '../test/core/former-format.ts';
import { DEV_SPEC } from '../test/core/root.ts';

const MAIN = fileURLToPath(new URL('../../../apps/node/src/main.ts', import.meta.url));
/** Enough that a conversion takes a second or more. */
const ACCOUNTS = 60_000;
const BLOCKS = 2;

const BEGINS = 'no release from before can read';
const COMMITS = 'being written to the disk';

/** A chain with so many accounts, as a release of format 1 would have left it. */
async function formerChain() {
  const base = await mkdtemp(join(tmpdir(), 'hamster-conversion-'));
  onTestFinished(() => rm(base, { recursive: true, force: true }));
  const known = (PRESETS.dev['balances'] as { balances: readonly unknown[] }).balances;
  const more = Array.from({ length: ACCOUNTS }, (_, index) => [
    `0x${(index + 1).toString(16).padStart(64, '0')}`,
    '1000000000000',
  ]);
  const genesis = { ...DEV_SPEC.genesis, balances: { balances: [...known, ...more] } };
  const spec = join(base, 'spec.json');
  await writeFile(spec, JSON.stringify({ ...DEV_SPEC, id: 'former', bootNodes: [], genesis }));
  const flags = ['--chain', spec, '--base-path', base, '--no-network', '--alice', '--manual-seal'];
  const first = await startNodeProcess(...flags);
  await call(first, 'dev_newBlock', { count: BLOCKS });
  const head = await call<string>(first, 'chain_getBlockHash');
  await first.stop();
  const folder = join(base, 'chains', 'former', 'db');
  await toFormat1(folder);
  return { flags, folder, head };
}

async function call<T>({ port }: NodeProcess, method: string, ...params: readonly unknown[]): Promise<T> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  const headers = { 'content-type': 'application/json', connection: 'close' };
  const signal = AbortSignal.timeout(60_000);
  const answer = await fetch(`http://127.0.0.1:${port}`, { method: 'POST', headers, body, signal });
  return ((await answer.json()) as { result: T }).result;
}

/** Starts a node, and kills it so many ms behind a line of its log. */
async function killedAt(flags: readonly string[], sign: string, wait = 0): Promise<void> {
  const child = spawn(process.execPath, [MAIN, '--log-json', '--rpc-port', '0', ...flags], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(child, 'exit');
  let isThere = false;
  for await (const line of createInterface({ input: child.stderr })) {
    if (isThere || !line.includes(sign)) continue;
    isThere = true;
    if (wait > 0) setTimeout(() => child.kill('SIGKILL'), wait);
    else child.kill('SIGKILL');
  }
  expect([isThere, (await exited)[1]]).toEqual([true, 'SIGKILL']);
}

/** The root of each kept state, computed anew from all that is in it. */
async function rootsIn(folder: string): Promise<[found: string, wanted: string][]> {
  const env = openEnvironment(folder);
  const [blocks, states] = [new BlockStore(env), new StateDb({ env })];
  const roots = Array.from({ length: BLOCKS + 1 }, (_, number): [string, string] => {
    const hash = blocks.hashAt(number);
    const root = (hash && blocks.header(hash)?.stateRoot) ?? '0x';
    const state = states.at(fromHex(root));
    const entries = [...(state?.keys(new Uint8Array()) ?? [])].map(
      (key) => [key, state?.get(key) ?? new Uint8Array()] as const,
    );
    return [hashText(sortedTrieRoot(entries, 1)), root];
  });
  await env.close();
  return roots;
}

it('a conversion that is killed wherever it stands begins anew, and loses nothing', async () => {
  const { flags, folder, head } = await formerChain();
  await killedAt(flags, BEGINS);
  expect(await formatOf(folder)).toBe(1);
  for (const wait of [300, 700]) {
    await killedAt(flags, BEGINS, wait);
    // A machine that is quick enough has done it by now.
    if ((await formatOf(folder)) === 2) await toFormat1(folder);
  }
  await killedAt(flags, COMMITS);
  const node = await startNodeProcess(...flags);
  expect(await call(node, 'chain_getBlockHash')).toBe(head);
  await call(node, 'dev_newBlock');
  expect(await node.stop()).toBe(0);
  expect(await formatOf(folder)).toBe(2);
  for (const [found, wanted] of await rootsIn(folder)) expect(found).toBe(wanted);
}, 300_000);
