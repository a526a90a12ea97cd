import { blake2b256, toHex } from '@hamster/crypto';
import { InvalidTransaction, type UnknownTransactionKind } from '@hamster/frame';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Hash } from '../../src/header.ts';
import {
  alreadyImported,
  badFormat,
  banned,
  PoolError,
  refusal,
  tooLong,
  tooLowPriority,
} from '../../src/pool/errors.ts';
import type { TestClient } from './support/client.ts';
import { bytes, FakeBackend } from './support/fake-backend.ts';
import { serve, type TestServer } from './support/server.ts';

const XT = '0x0402';
const HASH = toHex(blake2b256(bytes(XT)));
const unknown = (kind: UnknownTransactionKind, custom = 0): InvalidTransaction =>
  new InvalidTransaction({ validity: 'Unknown', kind, custom }, 'for the test');
const UNKNOWN_OPERATION = { code: -32602, message: 'Invalid operation id' };
const STALE = new PoolError('INVALID_TRANSACTION', 'Invalid Transaction', 'Transaction is outdated');

describe('author_*, transaction_* and transactionWatch_*', () => {
  let backend: FakeBackend;
  let server: TestServer;
  let client: TestClient;
  beforeEach(async () => {
    backend = new FakeBackend();
    server = await serve(backend, { limits: { broadcastsPerConnection: 2 } });
    client = await server.connect();
  });
  afterEach(() => server.stop());

  it('answers the hash of what was submitted', async () => {
    expect(await client.call('author_submitExtrinsic', [XT])).toBe(HASH);
    backend.pool.push(bytes(XT));
    expect(await client.call('author_pendingExtrinsics')).toEqual([XT]);
  });

  it.each([
    [STALE, { code: 1010, message: 'Invalid Transaction', data: 'Transaction is outdated' }],
    [new PoolError('ALREADY_IMPORTED', 'Transaction Already Imported'), { code: 1013 }],
    [new PoolError('TEMPORARILY_BANNED', 'Transaction is temporarily banned'), { code: 1012 }],
    [new PoolError('TOO_LOW_PRIORITY', 'Priority is too low'), { code: 1014 }],
    [new PoolError('IMMEDIATELY_DROPPED', 'Immediately Dropped'), { code: 1016 }],
    [new PoolError('VERIFICATION', 'Verification Error'), { code: 1002 }],
    [tooLong(), { code: 1010, data: 'Transaction would exhaust the block limits' }],
  ])('tells a refusal of the pool with its code: %s', async (refusal, expected) => {
    backend.refusal = refusal;
    expect(await client.fails('author_submitExtrinsic', [XT])).toMatchObject(expected);
    expect(await client.fails('author_submitAndWatchExtrinsic', [XT])).toMatchObject(expected);
  });

  it('ends a watch with the last status, and at the client’s wish', async () => {
    const first = await client.call<string>('author_submitAndWatchExtrinsic', [XT]);
    backend.report(bytes(XT), { type: 'usurped', by: backend.genesisHash });
    expect(await client.results(first, 2)).toEqual(['ready', { usurped: backend.genesisHash }]);
    expect(await client.call('author_unwatchExtrinsic', [first])).toBe(false);
    const second = await client.call<string>('author_submitAndWatchExtrinsic', [XT]);
    expect(await client.call('author_unwatchExtrinsic', [second])).toBe(true);
    expect(backend.watcherCount).toBe(0);
  });

  it('leaves a client time to look at the block before it tells that this is final', async () => {
    const delayed = await serve(backend, { limits: { finalityDelayMs: 100 } });
    const watcher = await delayed.connect();
    const id = await watcher.call<string>('author_submitAndWatchExtrinsic', [XT]);
    backend.report(bytes(XT), { type: 'inBlock', block: backend.genesisHash, index: 2 });
    backend.report(bytes(XT), { type: 'finalized', block: backend.genesisHash, index: 2 });
    await watcher.results(id, 2);
    const told = performance.now();
    expect(await watcher.results(id, 3)).toEqual([
      'ready',
      { inBlock: backend.genesisHash },
      { finalized: backend.genesisHash },
    ]);
    // Timers may be early by a millisecond, and the first word late.
    expect(performance.now() - told).toBeGreaterThan(50);
    expect(await watcher.call('author_unwatchExtrinsic', [id])).toBe(false);
    await delayed.stop();
  });

  it('tells transactionWatch events in the words of its specification', async () => {
    const id = await client.call<string>('transactionWatch_v1_submitAndWatch', [XT]);
    const block = { hash: backend.genesisHash, index: 2 };
    await client.results(id, 1);
    backend.report(bytes(XT), { type: 'inBlock', block: block.hash, index: 2 });
    backend.report(bytes(XT), { type: 'retracted', block: block.hash });
    backend.report(bytes(XT), { type: 'inBlock', block: block.hash, index: 2 });
    backend.report(bytes(XT), { type: 'finalized', block: block.hash, index: 2 });
    expect(await client.results(id, 5)).toEqual([
      { event: 'validated' },
      { event: 'bestChainBlockIncluded', block },
      { event: 'bestChainBlockIncluded', block: null },
      { event: 'bestChainBlockIncluded', block },
      { event: 'finalized', block },
    ]);
    expect(client.notifications(id)[0]?.method).toBe('transactionWatch_v1_watchEvent');
    expect(await client.call('transactionWatch_v1_unwatch', [id])).toBe(false);
  });

  it('tells a refused transaction by an event, not by an error of the call', async () => {
    backend.refusal = STALE;
    const invalid = await client.call<string>('transactionWatch_v1_submitAndWatch', [XT]);
    expect(await client.results(invalid, 1)).toEqual([
      { event: 'invalid', error: 'Invalid transaction: Transaction is outdated' },
    ]);
    backend.refusal = new PoolError('IMMEDIATELY_DROPPED', 'Immediately Dropped');
    const dropped = await client.call<string>('transactionWatch_v1_submitAndWatch', [XT]);
    const error = 'The transaction could not enter the pool because of the limit';
    expect(await client.results(dropped, 1)).toEqual([{ event: 'invalid', error }]);
  });

  it.each([
    [new PoolError('INVALID_TRANSACTION', '', 'Custom error: 7'), 'Invalid transaction with custom error: 7'],
    [refusal(unknown('NoUnsignedValidator')), /^Unknown transaction validity: Could not find an unsigned/],
    [refusal(unknown('Custom', 4)), 'Unknown transaction validity: UnknownTransaction custom error'],
    [alreadyImported(HASH as Hash), 'Transaction is already imported'],
    [banned(), 'Transaction is temporarily banned'],
    [tooLowPriority(5n, 4n), 'The priority of the transaction is too low (pool 5 > current 4)'],
    [badFormat('no'), 'Verification error: Runtime error: Execution failed: no'],
    [tooLong(), 'Invalid transaction: Transaction would exhaust the block limits'],
  ])('words an event as Substrate does: %s', async (refused, sentence) => {
    backend.refusal = refused;
    const id = await client.call<string>('transactionWatch_v1_submitAndWatch', [XT]);
    const [{ error = '' } = {}] = await client.results<{ error: string }>(id, 1);
    expect(error).toEqual(typeof sentence === 'string' ? sentence : expect.stringMatching(sentence));
  });

  it('passes over what is behind an extrinsic, as Substrate does', async () => {
    const long = `${XT}0304`;
    expect(await client.call('author_submitExtrinsic', [long])).toBe(HASH);
    const watch = await client.call<string>('author_submitAndWatchExtrinsic', [long]);
    expect(await client.results(watch, 1)).toEqual(['ready']);
    const event = await client.call<string>('transactionWatch_v1_submitAndWatch', [long]);
    expect(await client.results(event, 1)).toEqual([{ event: 'validated' }]);
    await client.call('transaction_v1_broadcast', [long]);
    expect(backend.submitted.map((each) => toHex(each))).toEqual([XT, XT, XT, XT]);
  });

  it('keeps nothing of what stands behind an extrinsic', async () => {
    const long = `${XT}${'ff'.repeat(100_000)}`;
    await client.call('author_submitExtrinsic', [long]);
    await client.call('author_submitAndWatchExtrinsic', [long]);
    await client.call('transaction_v1_broadcast', [long]);
    expect(backend.submitted.map(({ buffer }) => buffer.byteLength)).toEqual([2, 2, 2]);
  });

  it('tells bytes that cannot be an extrinsic, each method as in sc-rpc author/mod.rs, in the words of parity-scale-codec', async () => {
    const [few, none, range] = [
      'Not enough data to decode vector',
      'Not enough data to fill buffer',
      'out of range decoding Compact<u32>',
    ];
    const faults = { '0x': none, '0x04': few, '0x01': none, '0x0102': few, '0x0100': range, '0x03': none };
    const large = {
      '0x0300000000': range,
      [`0x${'ff'.repeat(40)}`]: range,
      '0x07': range,
      '0x03000000ff': few,
    };
    for (const [bytes, fault] of Object.entries({ ...faults, ...large })) {
      const detail = `Could not decode \`OpaqueExtrinsic.0\`:\n\t${fault}\n`;
      expect(await client.fails('author_submitExtrinsic', [bytes])).toEqual({
        code: 1040,
        message: `Client error: ${detail}`,
      });
      expect(await client.fails('author_submitAndWatchExtrinsic', [bytes])).toEqual({
        code: 1001,
        message: `Extrinsic has invalid format: ${detail}`,
      });
      const id = await client.call<string>('transactionWatch_v1_submitAndWatch', [bytes]);
      expect(await client.results(id, 1)).toEqual([
        { event: 'invalid', error: 'Extrinsic bytes cannot be decoded' },
      ]);
    }
    expect(backend.submitted).toEqual([]);
  });

  it.each(['author_submitExtrinsic', 'author_submitAndWatchExtrinsic'])(
    'tells by %s what the runtime said of bytes that are none',
    async (method) => {
      backend.refusal = badFormat('the "call" is none');
      const failed = 'Execution failed: the "call" is none';
      expect(await client.fails(method, [XT])).toEqual({
        code: 1002,
        message: `Verification Error: Runtime error: ${failed}`,
        data: `RuntimeApi(${JSON.stringify(failed)})`,
      });
      backend.refusal = refusal(unknown('CannotLookup'));
      expect(await client.fails(method, [XT])).toEqual({
        code: 1011,
        message: 'Unknown Transaction Validity',
        data: 'CannotLookup',
      });
      backend.refusal = refusal(unknown('Custom', 9));
      expect(await client.fails(method, [XT])).toMatchObject({ code: 1011, data: 'Custom(9)' });
    },
  );

  it('broadcasts again with the next block until the pool takes the transaction', async () => {
    backend.refusal = STALE;
    const id = await client.call('transaction_v1_broadcast', [XT]);
    expect(backend.submitted).toHaveLength(0);
    backend.refusal = undefined;
    backend.add();
    await expect.poll(() => backend.submitted.length).toBe(1);
    backend.add();
    expect(backend.submitted).toHaveLength(1);
    backend.report(bytes(XT), { type: 'invalid' });
    backend.add();
    await expect.poll(() => backend.submitted.length).toBe(2);
    expect(backend.withdrawn).toEqual([]);
    expect(await client.call('transaction_v1_stop', [id])).toBeNull();
    expect(backend.watcherCount).toBe(0);
    expect(backend.withdrawn).toEqual([toHex(blake2b256(bytes(XT)))]);
  });

  it('withdraws a transaction, too, that the pool was still looking at when its broadcast was stopped', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const watch = backend.watch.bind(backend);
    vi.spyOn(backend, 'watch').mockImplementation(async (...given) => {
      await promise;
      return watch(...given);
    });
    const id = await client.call('transaction_v1_broadcast', [XT]);
    expect(await client.call('transaction_v1_stop', [id])).toBeNull();
    resolve();
    await expect.poll(() => backend.submitted).toHaveLength(1);
    await client.call('system_name');
    expect(backend.withdrawn).toEqual([toHex(blake2b256(bytes(XT)))]);
    expect(backend.watcherCount).toBe(0);
  });

  it('withdraws nothing that its pool had not taken of it', async () => {
    backend.refusal = STALE;
    const id = await client.call('transaction_v1_broadcast', [XT]);
    await client.call('transaction_v1_stop', [id]);
    expect(backend.withdrawn).toEqual([]);
  });

  it('broadcasts no more once the transaction is finalized', async () => {
    await client.call('transaction_v1_broadcast', [XT]);
    await expect.poll(() => backend.watcherCount).toBe(1);
    backend.report(bytes(XT), { type: 'finalized', block: backend.genesisHash, index: 0 });
    backend.add();
    await client.call('system_name');
    expect(backend.submitted).toHaveLength(1);
  });

  it('answers null above the bound of broadcasts, and an error for an unknown operation', async () => {
    const first = await client.call('transaction_v1_broadcast', ['0x01']);
    await client.call('transaction_v1_broadcast', ['0x02']);
    expect(await client.call('transaction_v1_broadcast', ['0x03'])).toBeNull();
    await client.call('transaction_v1_stop', [first]);
    expect(await client.call('transaction_v1_broadcast', ['0x03'])).toEqual(expect.any(String));
    expect(await client.fails('transaction_v1_stop', [first])).toEqual(UNKNOWN_OPERATION);
  });

  it('has room for another broadcast once one is finalized, also for who never stops any', async () => {
    const first = await client.call('transaction_v1_broadcast', [XT]);
    await client.call('transaction_v1_broadcast', ['0x02']);
    await expect.poll(() => backend.watcherCount).toBe(2);
    backend.report(bytes(XT), { type: 'finalized', block: backend.genesisHash, index: 0 });
    expect(await client.call('transaction_v1_broadcast', ['0x03'])).toEqual(expect.any(String));
    expect(await client.fails('transaction_v1_stop', [first])).toEqual(UNKNOWN_OPERATION);
    expect(backend.withdrawn).toEqual([]);
  });
});
