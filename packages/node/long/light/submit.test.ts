import { Keyring } from '@polkadot/keyring';
import { Enum, type PolkadotClient } from 'polkadot-api';
import { getPolkadotSigner, type PolkadotSigner } from 'polkadot-api/signer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startNodeProcess, type NodeProcess } from '../../test/clients/support/node-process.ts';
import {
  lightClient,
  rawSpec,
  wsAddressOf,
  type LightClient,
} from '../../test/network/support/light-client.ts';

const BLOCK_TIME = ['--block-time', '500ms'];
const TIMES = 8;

/**
 * The block that a transaction is made at is held: polkadot-api does not do that between the block that it takes and the nonce
 * that it asks for there, and at short blocks it is gone now and then, of which it says that the block is not pinned.
 */
async function pay(papi: PolkadotClient, signer: PolkadotSigner, to: string): Promise<number> {
  const { hash } = await papi.getFinalizedBlock();
  const release = papi.hodlBlock(hash);
  try {
    const transfer = papi.getUnsafeApi().tx['Balances']!['transfer_keep_alive']!;
    const paid = await transfer({ dest: Enum('Id', to), value: 10n ** 12n }).signAndSubmit(signer, {
      at: hash,
    });
    expect(paid.ok).toBe(true);
    return paid.block.number;
  } finally {
    release();
  }
}

describe('smoldot, unmodified, with two blocks a second', () => {
  let node: NodeProcess;
  let light: LightClient;
  const keyring = new Keyring({ type: 'sr25519', ss58Format: 42 });
  const alice = keyring.addFromUri('//Alice');
  const stranger = keyring.addFromUri('//Light//Client').address;
  const signer = getPolkadotSigner(alice.publicKey, 'Sr25519', (bytes) => Promise.resolve(alice.sign(bytes)));

  beforeAll(async () => {
    node = await startNodeProcess('--dev', ...BLOCK_TIME);
    light = lightClient(await rawSpec(['--chain', 'dev', ...BLOCK_TIME], [wsAddressOf(node)]));
  });
  afterAll(async () => {
    await light?.stop();
    await node?.stop();
  });

  it('submits transactions one after the other, each into a later block', { timeout: 180_000 }, async () => {
    const blocks: number[] = [];
    for (let made = 0; made < TIMES; made += 1) blocks.push(await pay(light.papi, signer, stranger));
    expect(blocks).toEqual([...new Set(blocks)].sort((a, b) => a - b));
    const account = await light.papi.getUnsafeApi().query['System']!['Account']!.getValue(stranger);
    expect((account as { data: { free: bigint } }).data.free).toBe(BigInt(TIMES) * 10n ** 12n);
  });
});
