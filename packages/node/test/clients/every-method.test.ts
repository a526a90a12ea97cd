import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestClient } from '../rpc/support/client.ts';
import { EXAMPLES, type Known, UNSAFE } from './support/method-examples.ts';
import { startNodeProcess, type NodeProcess } from './support/node-process.ts';
import { type SignedTransfer, signedTransfers } from './support/signed-transfer.ts';

const names = Object.keys(EXAMPLES).sort();

/** Clients choose what they use by `rpc_methods`: every name in it has to work, and nothing else may. */
describe('every method of a real node', () => {
  let node: NodeProcess;
  let client: TestClient;
  let known: Known;

  beforeAll(async () => {
    node = await startNodeProcess('--dev', '--manual-seal');
    client = await TestClient.connect(node.port);
    await client.call('dev_newBlock');
    const transfers = await signedTransfers(node.url, [0, 1, 2, 3]);
    await client.call('author_submitExtrinsic', [transfers[0]?.hex]);
    const best = await client.call<string>('dev_newBlock');
    const follow = await client.call<string>('chainHead_v1_follow', [true]);
    known = { genesis: node.genesisHash, best, follow, transfers };
  });
  afterAll(async () => {
    await client?.close();
    await node?.stop();
  });

  it('lists them all to whoever may call them', async () => {
    expect(await client.call('rpc_methods')).toEqual({ methods: names });
  });

  it.each(names)('answers %s', async (name) => {
    const { params, result, code } = EXAMPLES[name]!(known);
    if (code !== undefined) expect(await client.fails(name, params)).toMatchObject({ code });
    else expect(await client.call(name, params)).toEqual(result);
  });
});

/** A name alone would be a promise that is not kept. */
const PRETENDED = ['author_rotateKeysWithOwner', 'grandpa_roundState', 'state_traceBlock'];

describe('every method of a node that serves others', () => {
  let node: NodeProcess;
  let client: TestClient;
  beforeAll(async () => {
    node = await startNodeProcess('--dev', '--manual-seal', '--rpc-methods', 'safe');
    client = await TestClient.connect(node.port);
  });
  afterAll(async () => {
    await client?.close();
    await node?.stop();
  });

  it('is listed unless it is unsafe', async () => {
    const safe = names.filter((name) => !UNSAFE.includes(name));
    expect(await client.call('rpc_methods')).toEqual({ methods: safe });
  });

  it.each(UNSAFE)('is refused when it is as unsafe as %s', async (name) => {
    const { genesisHash: genesis } = node;
    const transfer: SignedTransfer = { sender: '', senderId: '0x', hex: '0x00', hash: '0x' };
    const transfers = Array<SignedTransfer>(4).fill(transfer);
    const { params } = EXAMPLES[name]!({ genesis, best: genesis, follow: '', transfers });
    const message = 'RPC call is unsafe to be called externally';
    expect(await client.fails(name, params)).toEqual({ code: -32601, message });
  });

  it.each(PRETENDED)('is known to it, which %s is not', async (name) => {
    expect(await client.fails(name)).toEqual({ code: -32601, message: 'Method not found' });
  });
});
