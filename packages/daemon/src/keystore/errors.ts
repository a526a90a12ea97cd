import type { KeyringPair } from '@polkadot/keyring/types';
import { DaemonError } from '../errors.ts';

export function notFound(nameOrAddress: string, names: readonly string[]): DaemonError {
  const known = names.length > 0 ? `There are: ${names.join(', ')}.` : 'There are none yet.';
  return new DaemonError('KEY_NOT_FOUND', `There is no account "${nameOrAddress}" here. ${known}`);
}

export function exists(name: string, address: string): DaemonError {
  return new DaemonError(
    'KEY_EXISTS',
    `The account "${name}" (${address}) is already here. Nothing was written; choose another name, or remove it first.`,
  );
}

export function wrongPassphrase(name: string): DaemonError {
  return new DaemonError('WRONG_PASSPHRASE', `The passphrase does not open the account "${name}".`);
}

export function badJson(path: string, cause: unknown): DaemonError {
  return new DaemonError('KEY_FILE_INVALID', `${path} is no key file that a wallet exported.`, { cause });
}

export function badMnemonic(): DaemonError {
  return new DaemonError(
    'MNEMONIC_INVALID',
    'These words are no valid mnemonic: it has 12, 15, 18, 21 or 24 English words, and the last one guards against typing errors.',
  );
}

/** Throws `KEY_KIND_UNSUPPORTED` for a key that no account of this chain can have. */
export function refuseUseless({ type }: Pick<KeyringPair, 'type'>): void {
  if (type !== 'ethereum') return;
  throw new DaemonError(
    'KEY_KIND_UNSUPPORTED',
    "This is a key of Ethereum's kind, which no account of this chain has. Take one of the kind sr25519, ed25519 or ecdsa; nothing was written.",
  );
}
