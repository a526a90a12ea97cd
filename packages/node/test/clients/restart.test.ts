import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiPromise, Keyring, WsProvider } from '@polkadot/api';
import type { AccountInfo } from '@polkadot/types/interfaces';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startNodeProcess } from './support/node-process.ts';

const HAM = 10n ** 12n;

/** Two processes one after the other, each with a client: slow on a machine that is busy otherwise. */
describe('a node with a base path', { timeout: 120_000 }, () => {
  let basePath: string;
  beforeEach(async () => {
    basePath = await mkdtemp(join(tmpdir(), 'hamster-restart-'));
  });
  afterEach(() => rm(basePath, { recursive: true, force: true }));

  it('goes on where a kill -9 stopped it: height, balances, history', async () => {
    const flags = ['--dev', '--block-time', '200ms', '--base-path', basePath];
    const first = await startNodeProcess(...flags);
    const paid = await withApi(first.url, async (api) => {
      const hash = await transferToBob(api);
      return { hash, number: await heightOf(api, hash), free: await freeOfBob(api) };
    });
    await first.stop('SIGKILL');

    const second = await startNodeProcess(...flags);
    await withApi(second.url, async (api) => {
      expect(api.genesisHash.toHex()).toBe(first.genesisHash);
      expect((await api.rpc.chain.getBlockHash(paid.number)).toHex()).toBe(paid.hash);
      expect(await freeOfBob(api)).toBe(paid.free);
      await transferToBob(api);
      expect(await freeOfBob(api)).toBe(paid.free + HAM);
      expect((await api.rpc.chain.getHeader()).number.toNumber()).toBeGreaterThan(paid.number);
    });
    expect(await second.stop('SIGTERM')).toBe(0);
  });

  it('keeps its data from other users of the machine', async () => {
    const place = join(basePath, 'made-by-the-node');
    const node = await startNodeProcess('--dev', '--base-path', place);
    expect((await stat(place)).mode & 0o777).toBe(0o700);
    await node.stop();
  });
});

async function withApi<T>(url: string, work: (api: ApiPromise) => Promise<T>): Promise<T> {
  const api = await ApiPromise.create({ provider: new WsProvider(url), noInitWarn: true });
  try {
    return await work(api);
  } finally {
    await api.disconnect();
  }
}

/** Hash of the block in which the transfer is final. */
function transferToBob(api: ApiPromise): Promise<string> {
  const keyring = new Keyring({ type: 'sr25519' });
  const [alice, bob] = [keyring.addFromUri('//Alice'), keyring.addFromUri('//Bob')];
  return new Promise((resolve, reject) => {
    api.tx.balances!.transferKeepAlive!(bob.address, HAM)
      .signAndSend(alice, ({ status, dispatchError }) => {
        if (dispatchError) reject(new Error(dispatchError.toString()));
        else if (status.isFinalized) resolve(status.asFinalized.toHex());
      })
      .catch(reject);
  });
}

async function freeOfBob(api: ApiPromise): Promise<bigint> {
  const bob = new Keyring({ type: 'sr25519' }).addFromUri('//Bob');
  const { data } = await api.query.system!.account!<AccountInfo>(bob.address);
  return data.free.toBigInt();
}

const heightOf = async (api: ApiPromise, hash: string): Promise<number> =>
  (await api.rpc.chain.getHeader(hash)).number.toNumber();
