import type { AccountSource } from '@hamster/ui/wallet';

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export interface AccountChoice {
  readonly address: string;
  readonly name: string;
  readonly source: AccountSource;
}

const STORAGE_KEY = 'hamster.account';
const DEVELOPMENT = '//development';

/** Three lines: where the key is, address, name. Nothing secret. */
export function rememberChoice(storage: Store, { address, name, source }: AccountChoice): void {
  const from = source.kind === 'development' ? DEVELOPMENT : source.wallet;
  storage.setItem(STORAGE_KEY, [from, address, name].join('\n'));
}

export function recallChoice(storage: Store): AccountChoice | undefined {
  const [from, address, name = ''] = (storage.getItem(STORAGE_KEY) ?? '').split('\n');
  if (from === undefined || from === '' || address === undefined) return undefined;
  const source: AccountSource =
    from === DEVELOPMENT ? { kind: 'development' } : { kind: 'extension', wallet: from };
  return { address, name, source };
}

export function forgetChoice(storage: Store): void {
  storage.removeItem(STORAGE_KEY);
}
