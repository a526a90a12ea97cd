import { beforeAll, afterAll, describe, expect, it } from 'vitest';
import type { TestClient } from '../rpc/support/client.ts';
import { startRealChain, type RealChain } from './support/real-chain.ts';
import { signedTransfers } from './support/signed-transfer.ts';

interface Block {
  readonly block: { readonly header: { readonly number: string }; readonly extrinsics: readonly string[] };
}

describe('dev_newBlock with transactions, as chopsticks has it', () => {
  let chain: RealChain;
  let client: TestClient;
  let signed: readonly string[];
  beforeAll(async () => {
    chain = await startRealChain(1000, { manualSeal: true });
    client = await chain.connect();
    signed = (await signedTransfers(chain.url, [0, 1, 2, 3, 4])).map(({ hex }) => hex);
  });
  afterAll(() => chain?.stop());

  /** What a block has behind its one inherent. */
  const transactionsOf = async (hash: string): Promise<readonly string[]> =>
    (await client.call<Block>('chain_getBlock', [hash])).block.extrinsics.slice(1);

  it('makes the block of these alone, in this order, and leaves the pool as it is', async () => {
    await client.call('author_submitExtrinsic', [signed[0]]);
    const empty = await client.call<string>('dev_newBlock', [{ transactions: [] }]);
    expect(await transactionsOf(empty)).toEqual([]);
    expect(await client.call('author_pendingExtrinsics')).toEqual([signed[0]]);
    const given = await client.call<string>('dev_newBlock', [{ transactions: [signed[0], signed[1]] }]);
    expect(await transactionsOf(given)).toEqual([signed[0], signed[1]]);
    expect(await client.call('author_pendingExtrinsics')).toEqual([]);
  });

  it('makes the first of many of them, and the others of the pool', async () => {
    await client.call('author_submitExtrinsic', [signed[3]]);
    const last = await client.call<string>('dev_newBlock', [{ count: 2, transactions: [signed[2]] }]);
    expect(await transactionsOf(last)).toEqual([signed[3]]);
    const { number } = await client.call<{ number: string }>('chain_getHeader', [last]);
    const before = await client.call<string>('chain_getBlockHash', [Number(number) - 1]);
    expect(await transactionsOf(before)).toEqual([signed[2]]);
  });

  it.each([
    [
      'one that was executed before',
      () => [signed[4], signed[0]],
      'The next block cannot hold transaction 0x',
    ],
    ['bytes that are no extrinsic', () => ['0x010203'], 'Invalid transaction'],
    ['what is no list', () => 'x', '"transactions" must be a list'],
  ])('makes no block at all of %s', async (_what, transactions, words) => {
    const best = await client.call('chain_getBlockHash');
    const refused = await client.fails('dev_newBlock', [{ transactions: transactions() }]);
    expect(refused).toMatchObject({ code: -32602, message: 'Invalid params' });
    expect(refused.data).toContain(words);
    expect(await client.call('chain_getBlockHash')).toBe(best);
  });

  it.each(['unsafeBlockHeight', 'dmp', 'ump', 'hrmp'])('refuses %s instead of ignoring it', async (name) => {
    expect(await client.fails('dev_newBlock', [{ [name]: 1 }])).toMatchObject({ code: -32602 });
  });
});
