import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  connectDevelopment,
  connectExtension,
  installedWallets,
  type InjectedHost,
  type InjectedWallet,
  type WalletAccount,
} from '../src/wallet/index.ts';
import type { InjectedAccount, InjectedSession } from '../src/wallet/injected.ts';

const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
const ALICE_ON_POLKADOT = '15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5';
const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty';

/** An extension that answers at once, and can change its accounts. */
function fakeWallet(first: readonly InjectedAccount[]): {
  wallet: InjectedWallet;
  change: (accounts: readonly InjectedAccount[]) => void;
} {
  const listeners = new Set<(accounts: readonly InjectedAccount[]) => void>();
  const session: InjectedSession = {
    accounts: {
      get: () => Promise.resolve(first),
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    signer: {},
  };
  return {
    wallet: { enable: () => Promise.resolve(session) },
    change: (accounts) => listeners.forEach((listener) => listener(accounts)),
  };
}

const request = (wallet: InjectedWallet): Parameters<typeof connectExtension>[0] => ({
  host: { injectedWeb3: { talisman: wallet } },
  wallet: 'talisman',
  origin: 'Hamster',
  ss58Prefix: 42,
  timeoutMs: 1000,
});

describe('an extension', () => {
  test('is listed if it can be asked', () => {
    const host: InjectedHost = {
      injectedWeb3: { talisman: fakeWallet([]).wallet, broken: {}, 'polkadot-js': fakeWallet([]).wallet },
    };
    expect(installedWallets(host)).toEqual(['polkadot-js', 'talisman']);
    expect(installedWallets({})).toEqual([]);
  });

  test('gives its accounts, written for this chain, without those that cannot sign here', async () => {
    const { wallet } = fakeWallet([
      { address: ALICE_ON_POLKADOT, name: 'savings', type: 'sr25519' },
      { address: '0x52908400098527886E0F7030069857D2E4169EE7', name: 'other', type: 'ethereum' },
    ]);
    const connection = await connectExtension(request(wallet));
    expect(connection.accounts()).toEqual([
      { address: ALICE, name: 'savings', source: { kind: 'extension', wallet: 'talisman' } },
    ]);
    expect(connection.signerFor(ALICE)).toMatchObject({ kind: 'wallet', address: ALICE });
    expect(() => connection.signerFor(BOB)).toThrow(expect.objectContaining({ code: 'ACCOUNT_UNKNOWN' }));
  });

  test('tells of changed accounts until it is no longer listened to', async () => {
    const { wallet, change } = fakeWallet([{ address: ALICE }]);
    const connection = await connectExtension(request(wallet));
    const seen: (readonly WalletAccount[])[] = [];
    const stop = connection.onAccounts((accounts) => seen.push(accounts));
    change([{ address: BOB, name: 'bob' }]);
    await vi.waitFor(() => expect(seen).toHaveLength(1), 20_000);
    expect(connection.accounts()[0]?.address).toBe(BOB);
    stop();
    change([{ address: ALICE }]);
    expect(seen).toHaveLength(1);
  });

  test('that refuses, is missing or shows nothing says which of these it was', async () => {
    const refusing = { enable: () => Promise.reject(new TypeError('Rejected by the user')) };
    await expect(connectExtension(request(refusing))).rejects.toMatchObject({ code: 'WALLET_REFUSED' });
    const missing = { ...request(refusing), wallet: 'subwallet' };
    await expect(connectExtension(missing)).rejects.toMatchObject({ code: 'WALLET_MISSING' });
    const empty = request(fakeWallet([]).wallet);
    await expect(connectExtension(empty)).rejects.toMatchObject({ code: 'WALLET_EMPTY' });
  });

  describe('that never answers', () => {
    beforeEach(() => vi.useFakeTimers());
    afterEach(() => vi.useRealTimers());

    test('is given up after the timeout', async () => {
      const silent = { enable: () => new Promise<never>(() => undefined) };
      const outcome = expect(connectExtension(request(silent))).rejects.toMatchObject({
        code: 'WALLET_SILENT',
      });
      await vi.advanceTimersByTimeAsync(1000);
      await outcome;
    });
  });
});

test('development accounts are the well-known ones and sign in the page', async () => {
  const connection = await connectDevelopment(42);
  const names = connection.accounts().map(({ name }) => name);
  expect(names).toEqual(['Alice', 'Bob', 'Charlie', 'Dave', 'Eve', 'Ferdie']);
  const signer = connection.signerFor(ALICE);
  if (signer.kind !== 'pair') expect.fail('a development account must hold its pair');
  const message = new Uint8Array([1, 2, 3]);
  expect(signer.pair.verify(message, signer.pair.sign(message), signer.pair.publicKey)).toBe(true);
});
