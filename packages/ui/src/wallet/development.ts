import type { KeyringPair } from '@polkadot/keyring/types';
import { WalletError } from './errors.ts';
import type { AccountSource, WalletAccount, WalletConnection } from './account.ts';

const NAMES = ['Alice', 'Bob', 'Charlie', 'Dave', 'Eve', 'Ferdie'];
const SOURCE: AccountSource = { kind: 'development' };

/**
 * The well-known accounts of every Substrate development chain. Their keys are public: offer them on a chain of type
 * Development and nowhere else.
 */
export async function connectDevelopment(ss58Prefix: number): Promise<WalletConnection> {
  const [{ Keyring }, { cryptoWaitReady }] = await Promise.all([
    import('@polkadot/keyring'),
    import('@polkadot/util-crypto'),
  ]);
  await cryptoWaitReady();
  const keyring = new Keyring({ type: 'sr25519', ss58Format: ss58Prefix });
  const pairs = new Map<string, KeyringPair>();
  const accounts: WalletAccount[] = NAMES.map((name) => {
    const pair = keyring.addFromUri(`//${name}`, { name });
    pairs.set(pair.address, pair);
    return { address: pair.address, name, source: SOURCE };
  });
  return {
    source: SOURCE,
    accounts: () => accounts,
    onAccounts: () => () => undefined,
    signerFor(address) {
      const pair = pairs.get(address);
      if (pair === undefined) {
        throw new WalletError('ACCOUNT_UNKNOWN', `${address} is no development account`);
      }
      return { kind: 'pair', address, pair };
    },
  };
}
