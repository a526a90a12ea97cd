import { Keyring } from '@polkadot/keyring';
import { createClient, Enum, type PolkadotClient } from 'polkadot-api';
import { getPolkadotSigner } from 'polkadot-api/signer';
import { getWsProvider } from 'polkadot-api/ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { legacyOnly, type LegacyOnly } from './support/legacy-only.ts';
import { startRealChain, type RealChain } from './support/real-chain.ts';

const HAM = 10n ** 12n;

/** polkadot-api falls back by itself, and makes of the legacy methods what it needs: each of them has to be as in Substrate. */
describe('polkadot-api, unmodified, over the legacy methods alone', () => {
  let chain: RealChain;
  let old: LegacyOnly;
  let client: PolkadotClient;
  const keyring = new Keyring({ type: 'sr25519', ss58Format: 42 });
  const alice = keyring.addFromUri('//Alice');
  const bob = keyring.addFromUri('//Bob');
  const signer = getPolkadotSigner(alice.publicKey, 'Sr25519', (bytes) => Promise.resolve(alice.sign(bytes)));

  beforeAll(async () => {
    chain = await startRealChain(500);
    old = await legacyOnly(chain.url);
    client = createClient(getWsProvider(old.url));
  });
  afterAll(async () => {
    client?.destroy();
    await old?.stop();
    await chain?.stop();
  });

  const freeOf = async (address: string): Promise<bigint> => {
    const account = await client.getUnsafeApi().query['System']!['Account']!.getValue(address);
    return (account as { data: { free: bigint } }).data.free;
  };

  it('connects and knows the chain', async () => {
    expect(await client.getChainSpecData()).toEqual({
      // From system_name: it takes the node's name for the chain's.
      name: 'Hamster Node',
      genesisHash: chain.node.backend.genesisHash,
      properties: { ss58Format: 42, tokenDecimals: 12, tokenSymbol: 'HAM' },
    });
  });

  it('reads storage, entries, constants and runtime APIs', async () => {
    const api = client.getUnsafeApi();
    expect(await freeOf(bob.address)).toBeGreaterThan(900_000n * HAM);
    expect((await api.query['System']!['Account']!.getEntries()).length).toBeGreaterThanOrEqual(6);
    expect(await api.constants['Balances']!['ExistentialDeposit']!()).toBe(10n ** 9n);
    expect(await api.apis['Core']!['version']!()).toMatchObject({ spec_name: 'hamster' });
  });

  it('follows final blocks, and reads the header and the body of an old one', async () => {
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
    const header = await client.getBlockHeader((await client.getFinalizedBlock()).hash);
    expect(await client.getBlockHeader(header.parentHash)).toMatchObject({ number: header.number - 1 });
    expect((await client.getBlockBody(header.parentHash)).length).toBeGreaterThan(0);
  });

  it('estimates a fee, submits, watches to finality and decodes the events', async () => {
    const before = await freeOf(bob.address);
    const call = { dest: Enum('Id', bob.address), value: 2n * HAM };
    const transfer = client.getUnsafeApi().tx['Balances']!['transfer_keep_alive']!(call);
    expect(await transfer.getEstimatedFees(alice.address)).toBeGreaterThan(0n);
    const { ok, events } = await transfer.signAndSubmit(signer);
    expect(ok).toBe(true);
    expect(events.find(({ value }) => value.type === 'Transfer')?.value.value).toMatchObject({
      from: alice.address,
      to: bob.address,
      amount: 2n * HAM,
    });
    expect(await freeOf(bob.address)).toBe(before + 2n * HAM);
  });

  it('tells a call that failed with its error', async () => {
    const status = { resource: 999_999n, status: Enum('Offline') };
    const result = await client.getUnsafeApi().tx['Provider']!['set_status']!(status).signAndSubmit(signer);
    expect(result).toMatchObject({
      ok: false,
      dispatchError: { type: 'Module', value: { type: 'Provider', value: { type: 'ResourceNotFound' } } },
    });
  });

  it('has asked for none of the new methods, and for the old ones in their place', () => {
    expect([...old.asked].filter((method) => method.includes('_v1_'))).toEqual([]);
    expect([...old.asked]).toEqual(
      expect.arrayContaining([
        'rpc_methods',
        'chain_subscribeAllHeads',
        'chain_subscribeFinalizedHeads',
        'state_getStorageHash',
        'state_call',
        'author_submitExtrinsic',
      ]),
    );
  });
});
