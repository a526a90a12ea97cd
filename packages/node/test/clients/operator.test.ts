import { blake2b256, fromHex, toHex } from '@hamster/crypto';
import { bytes, fieldsCodec, fixedBytes, Reader, u64 } from '@hamster/scale';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { headerHash, readHeader } from '../../src/header-codec.ts';
import type { TestClient } from '../rpc/support/client.ts';
import { startRealChain, type RealChain } from './support/real-chain.ts';
import { signedTransfers, type SignedTransfer } from './support/signed-transfer.ts';

interface Stats {
  readonly witnessLen: number;
  readonly witnessCompactLen: number;
  readonly blockLen: number;
  readonly numExtrinsics: number;
}

describe('what polkadot-sdk has for operators and tools, on a real chain', () => {
  let chain: RealChain;
  let client: TestClient;
  let signed: readonly SignedTransfer[];
  beforeAll(async () => {
    chain = await startRealChain(1000, { manualSeal: true });
    client = await chain.connect();
    signed = await signedTransfers(chain.url, [0, 1, 2, 3, 4]);
  });
  afterAll(() => chain?.stop());

  const newBlock = (): Promise<string> => client.call<string>('dev_newBlock');

  describe('dev_getBlockStats', () => {
    it('measures a block, and leaves the chain as it is', async () => {
      const empty = await newBlock();
      await client.call('author_submitExtrinsic', [signed[0]?.hex]);
      const full = await newBlock();
      const head = await client.call('chain_getHeader');
      const [less, more] = await Promise.all(
        [empty, full].map((block) => client.call<Stats>('dev_getBlockStats', [block])),
      );
      expect(await client.call('chain_getHeader')).toEqual(head);
      expect([less?.numExtrinsics, more?.numExtrinsics]).toEqual([1, 2]);
      expect(more?.witnessLen).toBeGreaterThan(less?.witnessLen ?? Infinity);
      expect(more?.witnessCompactLen).toBeGreaterThan(less?.witnessCompactLen ?? Infinity);
      // Each item but the root lies in another one as a hash of 32 bytes.
      expect(more?.witnessCompactLen).toBeLessThan(more?.witnessLen ?? 0);
      expect((more?.blockLen ?? 0) - (less?.blockLen ?? 0)).toBe(fromHex(signed[0]?.hex ?? '').length);
    });

    it('counts header without seal, number of extrinsics and extrinsics as the length of a block', async () => {
      const block = await newBlock();
      const header = fromHex(await client.call<string>('archive_v1_header', [block]));
      const [inherent] = await client.call<string[]>('archive_v1_body', [block]);
      const { blockLen } = await client.call<Stats>('dev_getBlockStats', [block]);
      // Kind, engine, length of the signature (in two bytes), signature.
      const seal = 1 + 4 + 2 + 64;
      expect(blockLen).toBe(header.length - seal + 1 + fromHex(inherent ?? '').length);
    });

    it('answers null where there is nothing to be executed', async () => {
      const genesis = await client.call('chain_getBlockHash', [0]);
      expect(await client.call('dev_getBlockStats', [genesis])).toBeNull();
      expect(await client.call('dev_getBlockStats', [`0x${'12'.repeat(32)}`])).toBeNull();
    });
  });

  it('takes a broadcast that is stopped out of the pool, and in again when it comes again', async () => {
    const hex = signed[1]?.hex;
    const id = await client.call('transaction_v1_broadcast', [hex]);
    await expect.poll(() => client.call('author_pendingExtrinsics')).toEqual([hex]);
    expect(await client.call('transaction_v1_stop', [id])).toBeNull();
    expect(await client.call('author_pendingExtrinsics')).toEqual([]);
    await client.call('transaction_v1_broadcast', [hex]);
    await expect.poll(() => client.call('author_pendingExtrinsics')).toEqual([hex]);
    const block = await newBlock();
    expect(await client.call('archive_v1_body', [block])).toContain(hex);
  });

  describe('author_removeExtrinsic', () => {
    it('takes extrinsics out of the pool for a while, by hash or by bytes', async () => {
      const [, , one, two, three] = signed;
      for (const each of [one, two, three]) await client.call('author_submitExtrinsic', [each?.hex]);
      const removed = await client.call('author_removeExtrinsic', [
        [{ hash: three?.hash }, { extrinsic: two?.hex }, { hash: `0x${'12'.repeat(32)}` }],
      ]);
      expect(removed).toEqual([three?.hash, two?.hash]);
      expect(await client.call('author_pendingExtrinsics')).toEqual([one?.hex]);
      expect(await client.fails('author_submitExtrinsic', [two?.hex])).toMatchObject({ code: 1012 });
      await newBlock();
      expect(await client.call('author_removeExtrinsic', [[{ hash: one?.hash }]])).toEqual([]);
    });

    it.each([[{}], [{ hash: '0x12' }], [{ hash: '0x12', extrinsic: '0x' }], ['0x12'], [null]])(
      'refuses %j',
      async (item) => {
        expect(await client.fails('author_removeExtrinsic', [[item]])).toMatchObject({ code: -32602 });
      },
    );
  });

  describe('grandpa_*', () => {
    const TARGET = fieldsCodec({ hash: fixedBytes(32) });
    const JUSTIFICATION = fieldsCodec({ round: u64, target: TARGET });

    it('proves by the newest justification and the headers that lead to it that a block is final', async () => {
      const head = await newBlock();
      const { number } = await client.call<{ number: string }>('chain_getHeader', [head]);
      const proof = fromHex(await client.call<string>('grandpa_proveFinality', [Number(number) - 2]));
      const reader = new Reader(proof);
      expect(toHex(fixedBytes(32).decodeFrom(reader))).toBe(head);
      const justification = bytes.decodeFrom(reader);
      expect(toHex(JUSTIFICATION.decodeFrom(new Reader(justification)).target.hash)).toBe(head);
      expect(reader.u8()).toBe(2 << 2);
      const parent = readHeader(reader, proof);
      const last = readHeader(reader, proof);
      expect([parent.number, last.number]).toEqual([Number(number) - 1, Number(number)]);
      expect(toHex(blake2b256(fromHex(await client.call<string>('archive_v1_header', [head]))))).toBe(head);
      expect(last.parentHash).toBe(
        headerHash(fromHex(await client.call<string>('archive_v1_header', [last.parentHash]))),
      );
      expect(reader.remaining).toBe(0);
    });

    it('proves nothing of a block that is not final', async () => {
      expect(await client.fails('grandpa_proveFinality', [1_000_000])).toEqual({
        code: 4,
        message: 'GRANDPA prove finality rpc failed: Block not yet finalized',
      });
    });

    it('tells each justification once, until nobody wants to know', async () => {
      const id = await client.call<string>('grandpa_subscribeJustifications');
      const head = await newBlock();
      const [told] = await client.results<string>(id, 1);
      expect(toHex(JUSTIFICATION.decodeFrom(new Reader(fromHex(told ?? ''))).target.hash)).toBe(head);
      expect(client.notifications(id).map(({ method }) => method)).toEqual(['grandpa_justifications']);
      expect(await client.call('grandpa_unsubscribeJustifications', [id])).toBe(true);
      await newBlock();
      expect(client.notifications(id)).toHaveLength(1);
    });
  });
});
