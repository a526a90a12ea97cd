import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chainFolder, startRpcServer, type Node } from '@hamster/node';
import { resolveConfig } from '@hamster/daemon';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { chainSpecOf } from '../src/chain-specs.ts';
import { nodeConfig } from '../src/config.ts';
import { keysOf } from '../src/keys/keys-of.ts';
import { openNode } from '../src/open-node.ts';
import { settingsOf } from '../src/settings.ts';

const AURA = '0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d';
const GRANDPA = '0x88dc3417d5058ec4b4503e0c12ea1a0a89be200fe98922423d4334014fa6b0ee';

const log = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore, fatal: ignore };
const stops: (() => Promise<unknown>)[] = [];

let basePath: string;
beforeEach(async () => {
  basePath = await mkdtemp(join(tmpdir(), 'hamster-keys-'));
  stops.push(() => rm(basePath, { recursive: true, force: true }));
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

it('authors and votes with keys that came by RPC, at once and after a restart', async () => {
  const chainSpec = await chainSpecOf('dev', 200);
  const settings = settingsOf(resolveConfig(nodeConfig, { flags: { chain: 'dev', basePath } }));
  const keys = await keysOf(chainSpec, settings);
  const node = await openNode({
    ...{ chainSpec, slotDuration: 200, keys, keyStore: keys, settings },
    ...{ log: log as never, fail: ignore },
  });
  stops.push(() => node.close());
  const call = await callerOf(node);
  expect(keys.authors).toEqual([]);
  const final = new Promise((resolve) => node.backend.onFinalized(resolve));

  expect(await call('author_insertKey', 'gran', '//Alice', GRANDPA)).toBeNull();
  expect(await call('author_insertKey', 'aura', '//Alice', AURA)).toBeNull();
  expect(await final).toMatchObject({ number: 1 });

  const session = (await call('author_rotateKeys')) as string;
  expect(await call('author_hasSessionKeys', session)).toBe(true);
  const again = await keysOf(chainSpec, settings);
  expect(again.has('aura', Buffer.from(AURA.slice(2), 'hex'))).toBe(true);
  expect(again.has('gran', Buffer.from(session.slice(66), 'hex'))).toBe(true);
  await expectPrivate(join(chainFolder(basePath, chainSpec.id), 'keystore'));
});

async function expectPrivate(folder: string): Promise<void> {
  const names = await readdir(folder);
  expect(names).toHaveLength(4);
  for (const name of names) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
}

async function callerOf(node: Node): Promise<(method: string, ...params: string[]) => Promise<unknown>> {
  const identity = { name: 'Hamster Node', version: '0', roles: [], peerId: '', listenAddresses: [] };
  const server = await startRpcServer(
    { host: '127.0.0.1', port: 0, allowedOrigins: [], allowUnsafe: true },
    { backend: node.backend, identity, log },
  );
  stops.push(() => server.close());
  return async (method, ...params) => {
    const answer = await fetch(`http://127.0.0.1:${server.port}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    });
    return ((await answer.json()) as { result: unknown }).result;
  };
}

function ignore(): void {
  // Nobody reads it.
}
