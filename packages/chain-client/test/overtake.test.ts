import { Keyring } from '#polkadot/keyring';
import type { KeyringPair } from '@polkadot/keyring/types';
import { cryptoWaitReady } from '#polkadot/util-crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../src/index.ts';
import type { Call, ChainClient } from '../src/index.ts';
import { Unsettled } from '../src/submit/unsettled.ts';
import { startNode } from './support/node.ts';
import type { DevNode } from './support/node.ts';

const HAM = 10n ** 12n;
const PEER = '12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN';

describe('what nobody has told the outcome of', () => {
  it('may wait at the node until the chain is past it, and is then forgotten', () => {
    const unsettled = new Unsettled();
    expect(unsettled.has('alice')).toBe(false);
    unsettled.add('alice', 7);
    unsettled.add('alice', 5);
    expect(unsettled.mayWaitAt('alice', 5)).toBe(true);
    expect(unsettled.mayWaitAt('alice', 7)).toBe(true);
    expect(unsettled.mayWaitAt('bob', 0)).toBe(false);
    expect(unsettled.mayWaitAt('alice', 8)).toBe(false);
    expect(unsettled.has('alice')).toBe(false);
  });
});

describe('a node whose blocks are full', () => {
  let node: DevNode;
  let chain: ChainClient;
  let gateway: KeyringPair;
  let rich: KeyringPair;

  beforeAll(async () => {
    await cryptoWaitReady();
    const ring = new Keyring({ type: 'sr25519' });
    [gateway, rich] = ['//Charlie', '//Dave'].map((uri) => ring.addFromUri(uri)) as [
      KeyringPair,
      KeyringPair,
    ];
    node = await startNode(['--manual-seal']);
    chain = await connect(node.url);
  });
  afterAll(async () => {
    await chain.close();
    await node.stop();
  });

  async function rpc(method: string, ...params: unknown[]): Promise<unknown> {
    const answer = await fetch(node.url.replace('ws:', 'http:'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id: 1, jsonrpc: '2.0', method, params }),
    });
    const { result, error } = (await answer.json()) as { result: unknown; error?: { message: string } };
    if (error) throw new Error(error.message);
    return result;
  }

  /** Sends, and has a block made as soon as the node has it. */
  const inNextBlock = (call: Call, signer: KeyringPair, options: { overtakes?: boolean } = {}) =>
    chain.submit(call, signer, { ...options, timeoutMs: 20_000, onSent: () => void rpc('dev_newBlock') });

  /** Reports of leases that nobody has: of what a block has for such, it takes more than half. */
  const heavy = (): Call => {
    const report = { lease: 10 ** 6, cpuCores: 1, memoryMib: 1, diskGib: 1, running: true };
    const beat = chain.calls.resourceOrder.heartbeat(Array.from({ length: 64 }, () => report));
    return chain.calls.batchAll(Array.from({ length: 28 }, () => beat));
  };

  /** Sends, and has a block made without it. */
  async function leftOut(call: Call): Promise<void> {
    let block: Promise<unknown> | undefined;
    const submitting = chain.submit(call, gateway, {
      timeoutMs: 5_000,
      onSent: () => {
        block = rpc('dev_newBlock');
      },
    });
    await expect(submitting).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    await block;
  }

  it('takes a heartbeat that overtakes what its account has stuck there, and no other', async () => {
    const { heartbeatInterval } = (await chain.parameters()).gateway;
    const entry = { peerId: PEER, multiaddrs: ['/ip4/127.0.0.1/tcp/4001'], region: 'eu', stake: 100n * HAM };
    await inNextBlock(chain.calls.gateway.register(entry), gateway);
    const before = (await chain.gateway(gateway.address))?.lastHeartbeat ?? 0;
    await rpc('dev_timeTravel', before + heartbeatInterval);
    for (const nonce of [0, 1, 2]) {
      const transaction = await heavy().signAsync(rich, { tip: HAM, nonce });
      await rpc('author_submitExtrinsic', transaction.toHex());
    }
    const { nonce } = await chain.balance(gateway.address);
    await leftOut(heavy());
    await leftOut(chain.calls.gateway.heartbeat());
    expect((await chain.balance(gateway.address)).nonce).toBe(nonce);
    await inNextBlock(chain.calls.gateway.heartbeat(), gateway, { overtakes: true });
    expect((await chain.gateway(gateway.address))?.lastHeartbeat).toBeGreaterThan(before);
    // With nothing in front of it any more, the next one comes behind all that was sent.
    await rpc('dev_newBlock', { count: 2 });
    await rpc('dev_timeTravel', (await chain.now()) + heartbeatInterval);
    await inNextBlock(chain.calls.gateway.heartbeat(), gateway, { overtakes: true });
    expect((await chain.balance(rich.address)).nonce).toBe(3);
  });
});
