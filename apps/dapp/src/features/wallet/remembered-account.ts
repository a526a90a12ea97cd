import type { AccountSource } from '@hamster/ui/wallet';

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export interface AccountChoice {
  readonly address: string;
  readonly source: AccountSource;
}

const STORAGE_KEY = 'hamster.account';
const DEVELOPMENT = '//development';

/** Two lines: where the key is, and the address. Nothing secret. */
export function rememberChoice(storage: Store, { address, source }: AccountChoice): void {
  const from = source.kind === 'development' ? DEVELOPMENT : source.wallet;
  storage.setItem(STORAGE_KEY, `${from}\n${address}`);
}

export function recallChoice(storage: Store): AccountChoice | undefined {
  const [from, address] = (storage.getItem(STORAGE_KEY) ?? '').split('\n');
  if (from === undefined || from === '' || address === undefined) return undefined;
  const source: AccountSource =
    from === DEVELOPMENT ? { kind: 'development' } : { kind: 'extension', wallet: from };
  return { address, source };
}

export function forgetChoice(storage: Store): void {
  storage.removeItem(STORAGE_KEY);
}
