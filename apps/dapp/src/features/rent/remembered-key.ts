const STORAGE_KEY = 'hamster.ssh-public-key';

/** The public key of the last rent. Only keys that passed the check are kept: never a private one. */
export function recallKey(storage: Pick<Storage, 'getItem'>): string {
  return storage.getItem(STORAGE_KEY) ?? '';
}

export function rememberKey(storage: Pick<Storage, 'setItem'>, line: string): void {
  storage.setItem(STORAGE_KEY, line);
}
