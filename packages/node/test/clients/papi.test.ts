import { VERSION } from '@hamster/runtime';
import { Keyring } from '@polkadot/keyring';
import { createClient, Enum, type PolkadotClient, type PolkadotSigner } from 'polkadot-api';
import { getPolkadotSigner } from 'polkadot-api/signer';
import { getWsProvider } from 'polkadot-api/ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startNodeProcess, type NodeProcess } from './support/node-process.ts';

const HAM = 10n ** 12n;

interface Account {
  readonly nonce: number;
  readonly data: { readonly free: bigint };
}

describe('polkadot-api, unmodified and without generated code, against a real node', () => {
  let node: NodeProcess;
  let client: PolkadotClient;
  const keyring = new Keyring({ type: 'sr25519', ss58Format: 42 });
  const alice = keyring.addFromUri('//Alice');
  const bob = keyring.addFromUri('//Bob');
  const eve = keyring.addFromUri('//Eve');
  const signerOf = (pair: typeof alice): PolkadotSigner =>
    getPolkadotSigner(pair.publicKey, 'Sr25519', (bytes) => Promise.resolve(pair.sign(bytes)));

  beforeAll(async () => {
    node = await startNodeProcess('--dev');
    client = createClient(getWsProvider(node.url));
  });
  afterAll(async () => {
    client?.destroy();
    await node?.stop();
  });

  const account = (address: string): Promise<Account> =>
    client.getUnsafeApi().query['System']!['Account']!.getValue(address) as Promise<Account>;

  const transfer = (to: string, value: bigint) =>
    client.getUnsafeApi().tx['Balances']!['transfer_keep_alive']!({ dest: Enum('Id', to), value });

  it('connects by the new JSON-RPC and knows the chain', async () => {
    expect(await client.getChainSpecData()).toMatchObject({
      name: 'Hamster Development',
      genesisHash: node.genesisHash,
      properties: { ss58Format: 42, tokenDecimals: 12, tokenSymbol: 'HAM' },
    });
  });

  it('reads storage, constants and runtime APIs with types from the metadata alone', async () => {
    expect((await account(alice.address)).data.free).toBeGreaterThan(900_000n * HAM);
    const api = client.getUnsafeApi();
    const entries = await api.query['System']!['Account']!.getEntries();
    expect(entries.length).toBeGreaterThanOrEqual(6);
    expect(await api.constants['Balances']!['ExistentialDeposit']!()).toBe(10n ** 9n);
    expect(await api.apis['AccountNonceApi']!['account_nonce']!(alice.address)).toBeTypeOf('number');
    expect(await api.apis['Core']!['version']!()).toMatchObject({
      spec_name: 'hamster',
      spec_version: VERSION.specVersion,
    });
  });

  it('follows finalized and best blocks', async () => {
    const numbers = await new Promise<number[]>((resolve, reject) => {
      const heard: number[] = [];
      const subscription = client.finalizedBlock$.subscribe({
        next: ({ number }) => {
          heard.push(number);
          if (heard.length < 3) return;
          subscription.unsubscribe();
          resolve(heard);
        },
        error: reject,
      });
    });
    expect(numbers[2]).toBe((numbers[0] ?? 0) + 2);
    expect((await client.getBestBlocks()).length).toBeGreaterThan(0);
  });

  it('follows a storage value', async () => {
    const now = client.getUnsafeApi().query['Timestamp']!['Now']!;
    const times = await new Promise<bigint[]>((resolve, reject) => {
      const heard: bigint[] = [];
      const subscription = now.watchValue({ at: 'best' }).subscribe({
        next: ({ value }) => {
          heard.push(value as bigint);
          if (heard.length < 3) return;
          subscription.unsubscribe();
          resolve(heard);
        },
        error: reject,
      });
    });
    expect(new Set(times).size).toBe(3);
  });

  it('estimates fees, submits, watches to finality and decodes the events', async () => {
    const before = await account(bob.address);
    const transaction = transfer(bob.address, 2n * HAM);
    expect(await transaction.getEstimatedFees(alice.address)).toBeGreaterThan(0n);
    const kinds: string[] = [];
    await new Promise<void>((resolve, reject) => {
      transaction.signSubmitAndWatch(signerOf(alice)).subscribe({
        next: ({ type }) => void kinds.push(type),
        error: reject,
        complete: resolve,
      });
    });
    expect(kinds).toEqual(['signed', 'broadcasted', 'txBestBlocksState', 'finalized']);
    expect((await account(bob.address)).data.free).toBe(before.data.free + 2n * HAM);
  });

  it('tells a call that failed with its error', async () => {
    const { tx } = client.getUnsafeApi();
    const remark = tx['System']!['remark']!({ remark: new Uint8Array([1]) }).decodedCall;
    const asRoot = await tx['Sudo']!['sudo']!({ call: remark }).signAndSubmit(signerOf(bob));
    expect(asRoot).toMatchObject({ ok: false, dispatchError: moduleError('Sudo', 'RequireSudo') });
    const status = { resource: 999_999n, status: Enum('Offline') };
    const result = await tx['Provider']!['set_status']!(status).signAndSubmit(signerOf(alice));
    expect(result).toMatchObject({ ok: false, dispatchError: moduleError('Provider', 'ResourceNotFound') });
  });

  it('gives the events of a transfer with their fields', async () => {
    const result = await transfer(bob.address, HAM).signAndSubmit(signerOf(eve));
    expect(result.ok).toBe(true);
    const event = result.events.find(({ type, value }) => type === 'Balances' && value.type === 'Transfer');
    expect(event?.value.value).toMatchObject({ from: eve.address, to: bob.address, amount: HAM });
  });

  it('says why a transaction is not valid', async () => {
    const poor = keyring.addFromUri('//NobodyEverPaidMe');
    await expect(transfer(bob.address, HAM).signAndSubmit(signerOf(poor))).rejects.toThrow('Payment');
    await expect(transfer(bob.address, HAM).signAndSubmit(signerOf(alice), { nonce: 0 })).rejects.toThrow(
      'Stale',
    );
  });

  it('reads a block that it has not pinned by archive methods', async () => {
    const hash = (await client.getFinalizedBlock()).hash;
    const header = await client.getBlockHeader(hash);
    expect(await client.getBlockHeader(header.parentHash)).toMatchObject({ number: header.number - 1 });
    expect((await client.getBlockBody(header.parentHash)).length).toBeGreaterThan(0);
  });
});

const moduleError = (pallet: string, error: string): object => ({
  type: 'Module',
  value: { type: pallet, value: { type: error } },
});
