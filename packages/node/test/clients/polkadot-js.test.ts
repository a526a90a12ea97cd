import { ApiPromise, Keyring, WsProvider } from '@polkadot/api';
import type { SubmittableExtrinsic } from '@polkadot/api/types';
import type { KeyringPair } from '@polkadot/keyring/types';
import type { AccountInfo, DispatchError, EventRecord, Header } from '@polkadot/types/interfaces';
import type { Codec, ISubmittableResult } from '@polkadot/types/types';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startNodeProcess, type NodeProcess } from './support/node-process.ts';

const HAM = 10n ** 12n;

describe('@polkadot/api, unmodified, against a real node', () => {
  let node: NodeProcess;
  let api: ApiPromise;
  let alice: KeyringPair;
  let bob: KeyringPair;
  let poor: KeyringPair;

  beforeAll(async () => {
    node = await startNodeProcess('--dev', '--block-time', '300ms');
    api = await connect(node.url);
    const keyring = new Keyring({ type: 'sr25519', ss58Format: 42 });
    alice = keyring.addFromUri('//Alice');
    bob = keyring.addFromUri('//Bob');
    poor = keyring.addFromUri('//NobodyEverPaidMe');
  });
  afterAll(async () => {
    await api?.disconnect();
    await node?.stop();
  });

  it('connects and knows the chain', () => {
    expect(api.genesisHash.toHex()).toBe(node.genesisHash);
    expect(api.runtimeVersion.specName.toString()).toBe('hamster');
    expect(api.runtimeChain.toString()).toBe('Hamster Development');
    expect(api.registry.chainDecimals).toEqual([12]);
    expect(api.registry.chainTokens).toEqual(['HAM']);
    expect(api.registry.chainSS58).toBe(42);
  });

  it('has every pallet of the chain in its metadata', () => {
    expect(Object.keys(api.tx)).toEqual(
      expect.arrayContaining(['balances', 'utility', 'sudo', 'provider', 'resourceOrder', 'gateway']),
    );
    expect(api.query.provider?.resources).toBeTypeOf('function');
    expect(api.tx.resourceOrder?.createOrder).toBeTypeOf('function');
  });

  it('reads storage: a value, a map with its keys, many at once', async () => {
    expect((await free(api, alice.address)) >= 900_000n * HAM).toBe(true);
    const entries = await api.query.system!.account!.entries();
    expect(entries.length).toBeGreaterThanOrEqual(6);
    const many = await api.query.system!.account!.multi<AccountInfo>([alice.address, poor.address]);
    expect(many.map(({ data }) => data.free.toBigInt() > 0n)).toEqual([true, false]);
  });

  it('follows best and finalized heads', async () => {
    const best = await firstHeads(3, (heard) => api.rpc.chain.subscribeNewHeads(heard));
    expect(best[2]).toBe((best[0] ?? 0) + 2);
    const finalized = await firstHeads(2, (heard) => api.rpc.chain.subscribeFinalizedHeads(heard));
    expect(finalized[1]).toBe((finalized[0] ?? 0) + 1);
  });

  it('follows a storage value that each block changes', async () => {
    const times: bigint[] = [];
    await new Promise<void>((resolve, reject) => {
      const heard = (now: { toBigInt(): bigint }): void => {
        times.push(now.toBigInt());
        if (times.length === 3) resolve();
      };
      api.query.timestamp!.now!(heard as never).catch(reject);
    });
    expect(times.every((time, index) => index === 0 || time > (times[index - 1] ?? 0n))).toBe(true);
  });

  it('estimates the fee and then is charged what it was told', async () => {
    const transfer = api.tx.balances!.transferKeepAlive!(bob.address, 3n * HAM);
    const { partialFee, weight } = await transfer.paymentInfo(alice);
    expect(partialFee.toBigInt()).toBeGreaterThan(0n);
    expect(weight.refTime.toBigInt()).toBeGreaterThan(0n);
    const [aliceBefore, bobBefore] = [await free(api, alice.address), await free(api, bob.address)];
    const result = await submit(transfer, alice);
    expect(eventNames(result)).toEqual(
      expect.arrayContaining([
        'balances.Transfer',
        'transactionPayment.TransactionFeePaid',
        'system.ExtrinsicSuccess',
      ]),
    );
    const paid = eventData(result, 'transactionPayment', 'TransactionFeePaid')[1];
    expect(BigInt(String(paid))).toBe(partialFee.toBigInt());
    expect(await free(api, bob.address)).toBe(bobBefore + 3n * HAM);
    expect(await free(api, alice.address)).toBe(aliceBefore - 3n * HAM - partialFee.toBigInt());
  });

  it('trap 12: tells an application that waits for the block alone', async () => {
    const transfer = api.tx.balances!.transferKeepAlive!(bob.address, HAM);
    const events = await new Promise<string[]>((resolve, reject) => {
      const watch = (result: ISubmittableResult): void => {
        if (result.status.isInBlock) resolve(eventNames(result));
        else if (result.isCompleted)
          reject(new Error(`The first that was told of a block is ${result.status.type}`));
      };
      transfer.signAndSend(alice, watch).catch(reject);
    });
    expect(events).toContain('balances.Transfer');
  });

  it('decodes the events of the transfer with their fields', async () => {
    const result = await submit(api.tx.balances!.transferKeepAlive!(bob.address, HAM), alice);
    expect(eventData(result, 'balances', 'Transfer').map(String)).toEqual([
      alice.address,
      bob.address,
      String(HAM),
    ]);
  });

  it('decodes a failing call to its module error', async () => {
    const tooMuch = api.tx.balances!.transferKeepAlive!(bob.address, 10n ** 30n);
    expect(await failure(api, tooMuch, alice)).toMatch(/^(balances\.|token\.|Token|arithmetic)/i);
    const asRoot = api.tx.sudo!.sudo!(api.tx.system!.remark!('0x01'));
    expect(await failure(api, asRoot, bob)).toBe('sudo.RequireSudo');
    const notMine = api.tx.provider!.setStatus!(999_999, 'Offline');
    expect(await failure(api, notMine, alice)).toBe('provider.ResourceNotFound');
  });

  it('refuses a used nonce with 1010 and what is wrong', async () => {
    const transfer = api.tx.balances!.transferKeepAlive!(bob.address, HAM);
    await expect(transfer.signAndSend(alice, { nonce: 0 })).rejects.toThrow(
      '1010: Invalid Transaction: Transaction is outdated',
    );
  });

  it('refuses who cannot pay the fee', async () => {
    const transfer = api.tx.balances!.transferKeepAlive!(bob.address, HAM);
    await expect(transfer.signAndSend(poor)).rejects.toThrow(
      '1010: Invalid Transaction: Inability to pay some fees',
    );
  });

  it('refuses a signature that was tampered with', async () => {
    const signed = await api.tx.balances!.transferKeepAlive!(bob.address, HAM).signAsync(alice);
    const bytes = signed.toU8a();
    bytes[60] = (bytes[60] ?? 0) ^ 1;
    const hex = `0x${Buffer.from(bytes).toString('hex')}`;
    await expect(api.rpc.author.submitExtrinsic(hex)).rejects.toThrow('1010: Invalid Transaction');
  });

  it('takes many transactions of one account with nonces ahead, in their order', async () => {
    const start = (await api.rpc.system.accountNextIndex(alice.address)).toNumber();
    const before = await free(api, bob.address);
    const transfers = [2, 1, 0, 3].map((offset) =>
      submit(api.tx.balances!.transferKeepAlive!(bob.address, HAM), alice, { nonce: start + offset }),
    );
    expect(await Promise.all(transfers)).toHaveLength(4);
    expect(await free(api, bob.address)).toBe(before + 4n * HAM);
    expect((await api.rpc.system.accountNextIndex(alice.address)).toNumber()).toBe(start + 4);
  });

  it('signs with a mortal era and with ed25519 and ecdsa keys', async () => {
    for (const type of ['ed25519', 'ecdsa'] as const) {
      const pair = new Keyring({ type, ss58Format: 42 }).addFromUri('//SomeoneElse');
      await submit(api.tx.balances!.transferKeepAlive!(pair.address, 10n * HAM), alice, { era: 16 });
      const result = await submit(api.tx.balances!.transferAllowDeath!(bob.address, HAM), pair, { era: 64 });
      expect(eventNames(result)).toContain('system.ExtrinsicSuccess');
    }
  });

  it('batches calls and runs them as root through sudo', async () => {
    const remark = api.tx.system!.remark!('0x01');
    const batch = api.tx.utility!.batchAll!([remark, api.tx.balances!.transferKeepAlive!(bob.address, HAM)]);
    expect(eventNames(await submit(batch, alice))).toContain('utility.BatchCompleted');
    expect(eventNames(await submit(api.tx.sudo!.sudo!(remark), alice))).toContain('sudo.Sudid');
  });

  it('says beforehand what would become of a call, and changes nothing by it', async () => {
    const before = await free(api, bob.address);
    const transfer = api.tx.balances!.transferKeepAlive!(bob.address, HAM);
    expect((await transfer.dryRun(alice)).toHuman()).toEqual({ Ok: { Ok: [] } });
    const notMine = await api.tx.provider!.setStatus!(999_999, 'Offline').dryRun(alice);
    expect(notMine.asOk.asErr.isModule).toBe(true);
    const stale = await transfer.dryRun(alice, { nonce: 0 });
    expect(stale.asErr.asInvalid.isStale).toBe(true);
    expect(await free(api, bob.address)).toBe(before);
  });

  it('does not show what waits in the pool for another one, as sc-rpc author/mod.rs', async () => {
    const ahead = (await api.rpc.system.accountNextIndex(bob.address)).toNumber() + 5;
    const transfer = api.tx.balances!.transferKeepAlive!(alice.address, HAM);
    await transfer.signAsync(bob, { nonce: ahead });
    await api.rpc.author.submitExtrinsic(transfer.toHex());
    const ready = await api.rpc.author.pendingExtrinsics();
    expect(ready.map(({ hash }) => hash.toHex())).not.toContain(transfer.hash.toHex());
    await expect(api.rpc.author.submitExtrinsic(transfer.toHex())).rejects.toThrow(/^1013: /);
  });

  it('calls every runtime API that the metadata describes', async () => {
    const versions = await api.call.metadata!.metadataVersions!();
    expect(versions.toJSON()).toEqual([14, 15, 16]);
    expect((await api.call.core!.version!()).toHuman()).toMatchObject({ specName: 'hamster' });
    const nonce = await api.call.accountNonceApi!.accountNonce!(alice.address);
    expect(Number(nonce.toString())).toBeGreaterThan(0);
    const transfer = api.tx.balances!.transferKeepAlive!(bob.address, HAM);
    await transfer.signAsync(alice);
    const bytes = transfer.toU8a();
    const details = await api.call.transactionPaymentApi!.queryFeeDetails!(bytes, bytes.length);
    expect(details.toJSON()).toMatchObject({ inclusionFee: { baseFee: expect.anything() as unknown } });
  });

  it('reads several storage items at once, at a block of the past and as they change', async () => {
    const { hash } = await api.rpc.chain.getHeader();
    const queries = [
      [api.query.system!.account!, alice.address],
      [api.query.timestamp!.now!],
      [api.query.balances!.totalIssuance!],
    ] as const;
    const [account, now, issuance] = await once<Codec[]>((heard) =>
      api.queryMulti(queries as never, heard as never),
    );
    expect((account as AccountInfo).nonce.toNumber()).toBeGreaterThan(0);
    expect([String(now), String(issuance)].every((value) => BigInt(value) > 0n)).toBe(true);
    await submit(api.tx.balances!.transferKeepAlive!(bob.address, HAM), alice);
    const past = await api.at(hash);
    const then = await past.query.system!.account!<AccountInfo>(alice.address);
    expect(then.nonce.toString()).toBe((account as AccountInfo).nonce.toString());
    const key = api.query.system!.account!.key(alice.address);
    const [changed] = await api.rpc.state.queryStorageAt<Codec[]>([key]);
    expect(changed?.toHex()).not.toBe(account?.toHex());
  });

  it('derives what its applications show: balances, heads, fees, who made a block', async () => {
    const all = await api.derive.balances.all(alice.address);
    expect(all.freeBalance.toBigInt()).toBe(await free(api, alice.address));
    expect(all.accountNonce.toNumber()).toBeGreaterThan(0);
    expect((await api.derive.chain.bestNumber()).toNumber()).toBeGreaterThan(0);
    expect((await api.derive.chain.bestNumberFinalized()).toNumber()).toBeGreaterThan(0);
    const info = await api.derive.tx.signingInfo(alice.address);
    expect(info.mortalLength).toBeGreaterThan(0);
    expect(info.header?.number.toNumber()).toBeGreaterThan(0);
    const best = await api.derive.chain.getHeader(await api.rpc.chain.getBlockHash());
    expect(best.hash.toHex()).toMatch(/^0x/);
    const accounts = await api.derive.accounts.info(alice.address);
    expect(accounts.accountId?.toString()).toBe(alice.address);
    const heads = await firstHeads(2, (heard) => api.derive.chain.subscribeNewHeads(heard as never));
    expect(heads[1]).toBe((heads[0] ?? 0) + 1);
  });

  it('calls the methods of node and chain that the node lists', async () => {
    const { system, chain, state, rpc } = api.rpc;
    expect((await system.health()).isSyncing.isFalse).toBe(true);
    expect((await system.chainType()).isDevelopment).toBe(true);
    expect((await system.nodeRoles()).map((role) => role.type)).toEqual(['Authority']);
    expect((await system.syncState()).currentBlock.toNumber()).toBeGreaterThan(0);
    expect((await system.localListenAddresses()).length).toBeGreaterThanOrEqual(0);
    expect((await rpc.methods()).methods.length).toBeGreaterThan(70);
    const head = await chain.getFinalizedHead();
    expect((await state.getRuntimeVersion(head)).specName.toString()).toBe('hamster');
    expect((await state.getMetadata(head)).version).toBe(14);
    const key = api.query.balances!.totalIssuance!.key();
    expect((await state.getReadProof([key], head)).proof.length).toBeGreaterThan(0);
    expect((await state.getKeysPaged(key, 5)).map(String)).toEqual([key]);
    expect((await state.getStorageSize(key)).toNumber()).toBe(16);
    expect((await state.getStorageHash(key)).toHex()).toMatch(/^0x[0-9a-f]{64}$/);
    expect((await state.getPairs(key)).length).toBe(1);
    expect(
      (await api.rpc.childstate.getKeys(`0x${Buffer.from(':child_storage:default:a').toString('hex')}`, '0x'))
        .length,
    ).toBe(0);
  });

  it('decodes blocks, their extrinsics and their events', async () => {
    const result = await submit(api.tx.balances!.transferKeepAlive!(bob.address, HAM), alice);
    const hash = result.status.asFinalized;
    const { block } = await api.rpc.chain.getBlock(hash);
    expect(block.header.hash.toHex()).toBe(hash.toHex());
    expect(block.extrinsics.map(({ method }) => `${method.section}.${method.method}`)).toEqual([
      'timestamp.set',
      'balances.transferKeepAlive',
    ]);
    const at = await api.at(hash);
    const events = await at.query.system!.events!();
    expect((events as unknown as EventRecord[]).length).toBeGreaterThan(2);
    const derived = await api.derive.chain.getBlock(hash);
    expect(derived?.extrinsics.at(-1)?.dispatchError).toBeUndefined();
  });
});

async function connect(url: string): Promise<ApiPromise> {
  const api = await ApiPromise.create({
    provider: new WsProvider(url),
    throwOnConnect: true,
    noInitWarn: true,
  });
  return api;
}

async function free(api: ApiPromise, address: string): Promise<bigint> {
  const { data } = await api.query.system!.account!<AccountInfo>(address);
  return data.free.toBigInt();
}

type Transaction = SubmittableExtrinsic<'promise'>;

/** Waits for finality whatever became of the call. */
function submitRaw(
  transaction: Transaction,
  signer: KeyringPair,
  options: object = {},
): Promise<ISubmittableResult> {
  return new Promise((resolve, reject) => {
    transaction
      .signAndSend(signer, options, (result) => {
        if (result.isFinalized) resolve(result);
        else if (result.isError) reject(new Error(result.status.type));
      })
      .catch(reject);
  });
}

async function submit(
  transaction: Transaction,
  signer: KeyringPair,
  options?: object,
): Promise<ISubmittableResult> {
  const result = await submitRaw(transaction, signer, options);
  if (result.dispatchError) throw new Error(result.dispatchError.toString());
  return result;
}

async function failure(api: ApiPromise, transaction: Transaction, signer: KeyringPair): Promise<string> {
  const { dispatchError } = await submitRaw(transaction, signer);
  if (!dispatchError) throw new Error('The call was to fail');
  return errorName(api, dispatchError);
}

function errorName(api: ApiPromise, error: DispatchError): string {
  if (!error.isModule) return `${error.type}.${error.isToken ? error.asToken.type : ''}`;
  const { section, name } = api.registry.findMetaError(error.asModule);
  return `${section}.${name}`;
}

const eventNames = ({ events }: ISubmittableResult): string[] =>
  events.map(({ event }) => `${event.section}.${event.method}`);

function eventData({ events }: ISubmittableResult, section: string, name: string): unknown[] {
  const found = events.find(({ event }) => event.section === section && event.method === name);
  return found ? [...found.event.data] : [];
}

/** The first thing that a subscription tells. */
async function once<T>(subscribe: (heard: (value: T) => void) => Promise<() => void>): Promise<T> {
  const first = Promise.withResolvers<T>();
  const unsubscribe = await subscribe(first.resolve);
  const value = await first.promise;
  unsubscribe();
  return value;
}

async function firstHeads(
  count: number,
  subscribe: (heard: (header: Header) => void) => Promise<() => void>,
): Promise<number[]> {
  const numbers: number[] = [];
  const enough = Promise.withResolvers<void>();
  const unsubscribe = await subscribe((header) => {
    numbers.push(header.number.toNumber());
    if (numbers.length >= count) enough.resolve();
  });
  await enough.promise;
  unsubscribe();
  return numbers;
}
