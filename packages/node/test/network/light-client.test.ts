import { Keyring } from '@polkadot/keyring';
import { Enum } from 'polkadot-api';
import { getPolkadotSigner } from 'polkadot-api/signer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startNodeProcess, type NodeProcess } from '../clients/support/node-process.ts';
import { lightClient, rawSpec, wsAddressOf, type LightClient } from './support/light-client.ts';

const HAM = 10n ** 12n;
const BLOCK_TIME = ['--block-time', '1s'];

describe('smoldot, unmodified, on what build-spec --raw prints, and polkadot-api on it', () => {
  let node: NodeProcess;
  let light: LightClient;
  const keyring = new Keyring({ type: 'sr25519', ss58Format: 42 });
  const alice = keyring.addFromUri('//Alice');
  const stranger = keyring.addFromUri('//Light//Client');

  beforeAll(async () => {
    node = await startNodeProcess('--dev', ...BLOCK_TIME);
    light = lightClient(await rawSpec(['--chain', 'dev', ...BLOCK_TIME], [wsAddressOf(node)]));
  });
  afterAll(async () => {
    await light?.stop();
    await node?.stop();
  });

  const freeOf = async (address: string): Promise<bigint> => {
    const account = await light.papi.getUnsafeApi().query['System']!['Account']!.getValue(address);
    return (account as { data: { free: bigint } }).data.free;
  };

  it('verifies the chain up to its final block, and follows it', async () => {
    const first = await light.papi.getFinalizedBlock();
    expect(first.number).toBeGreaterThan(0);
    await new Promise<void>((resolve, reject) => {
      light.papi.finalizedBlock$.subscribe({
        next: ({ number }) => {
          if (number >= first.number + 3) resolve();
        },
        error: reject,
      });
    });
  }, 60_000);

  it('reads proved storage, present and absent, and calls runtime APIs by proof', async () => {
    expect(await freeOf(alice.address)).toBeGreaterThan(900_000n * HAM);
    expect(await freeOf(stranger.address)).toBe(0n);
    const api = light.papi.getUnsafeApi();
    expect(await api.apis['AccountNonceApi']!['account_nonce']!(alice.address)).toBe(0);
    expect((await api.query['System']!['Account']!.getEntries()).length).toBeGreaterThanOrEqual(6);
  }, 60_000);

  it('submits a transaction, which lands in a block', async () => {
    const signer = getPolkadotSigner(alice.publicKey, 'Sr25519', (bytes) =>
      Promise.resolve(alice.sign(bytes)),
    );
    const result = await light.papi.getUnsafeApi().tx['Balances']!['transfer_keep_alive']!({
      dest: Enum('Id', stranger.address),
      value: 3n * HAM,
    }).signAndSubmit(signer);
    expect(result.ok).toBe(true);
    expect(await freeOf(stranger.address)).toBe(3n * HAM);
  }, 60_000);
});
