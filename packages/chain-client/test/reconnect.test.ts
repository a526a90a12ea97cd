import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Keyring } from '#polkadot/keyring';
import { cryptoWaitReady } from '#polkadot/util-crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../src/index.ts';
import type { ChainClient, LinkState } from '../src/index.ts';
import { startNode } from './support/node.ts';
import type { DevNode } from './support/node.ts';

const HAM = 10n ** 12n;

describe('a node that goes away and comes back', { timeout: 60_000 }, () => {
  let directory: string;
  let node: DevNode;
  let chain: ChainClient;

  beforeAll(async () => {
    await cryptoWaitReady();
    directory = await mkdtemp(join(tmpdir(), 'hamster-reconnect-'));
    node = await start(['--manual-seal']);
    chain = await connect(node.url);
  });
  afterAll(async () => {
    await chain.close();
    await node.stop();
    await rm(directory, { recursive: true });
  });

  const start = (pace: readonly string[], port = 0): Promise<DevNode> =>
    startNode(['--base-path', directory, ...pace], port);

  /** Resolves when the client has noticed. */
  function entering(state: LinkState): Promise<void> {
    return new Promise((resolve) => {
      const stop = chain.onState((now) => {
        if (now !== state) return;
        stop();
        resolve();
      });
    });
  }

  it('has done a transaction once, though nobody told of it', async () => {
    const alice = new Keyring({ type: 'sr25519' }).addFromUri('//Alice');
    const nobody = '5C4hrfjw9DjXZTzV3MwzrrAr9P1MJhSrvWGWqi1eSuyUpnhM';
    const sent = Promise.withResolvers<void>();
    const submitting = chain.submit(chain.calls.transfer(nobody, HAM), alice, {
      onSent: () => sent.resolve(),
    });
    await sent.promise;
    await node.stop();
    node = await start(['--block-time', '1s'], node.port);
    const { events } = await submitting;
    expect([...events].map(({ name }) => name)).toContain('Transfer');
    expect((await chain.balance(nobody)).free).toBe(HAM);
  });

  it('is waited for by reads, and its subscriptions go on', async () => {
    let heads = 0;
    let next = Promise.withResolvers<void>();
    const stop = await chain.watchHeads(() => {
      heads += 1;
      next.resolve();
    });
    await next.promise;
    const gone = entering('reconnecting');
    await node.stop();
    await gone;
    next = Promise.withResolvers();
    const reading = chain.now();
    node = await start(['--block-time', '1s'], node.port);
    expect(await reading).toBeGreaterThan(0);
    await next.promise;
    expect(heads).toBeGreaterThan(1);
    stop();
  });

  it('ends what waits when the client is closed', async () => {
    const other = await connect(node.url);
    await other.close();
    expect(await other.closed).toBeUndefined();
    await expect(other.now()).rejects.toMatchObject({ name: 'ChainUnreachable' });
  });
});
