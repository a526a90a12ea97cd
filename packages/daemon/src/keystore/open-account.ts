import { join } from 'node:path';
import type { KeyringPair } from '@polkadot/keyring/types';
import { DaemonError, EXIT_USAGE } from '../errors.ts';
import { readPassphrase } from '../terminal/passphrase.ts';
import { processTerminal } from '../terminal/terminal.ts';
import { Keystore } from './keystore.ts';
import { devAccount } from './pairs.ts';

/** Which account a daemon signs with, as its config says. */
export interface AccountChoice {
  readonly home: string;
  /** A name or address in the keystore under `home`. */
  readonly account?: string | undefined;
  /** A publicly known account instead. */
  readonly devAccount?: string | undefined;
  readonly passphraseFile?: string | undefined;
}

/** Where a daemon keeps its accounts. */
export function keystoreIn(home: string): Keystore {
  return new Keystore(join(home, 'keys'));
}

/**
 * The key pair that a daemon signs with. Publicly known accounts only on a development chain.
 * Throws `ACCOUNT_MISSING`, `DEV_ACCOUNT_REFUSED`, and what the keystore throws.
 */
export async function openAccount(choice: AccountChoice, chainType: string): Promise<KeyringPair> {
  if (choice.devAccount !== undefined) return publicAccount(choice.devAccount, chainType);
  if (choice.account === undefined) {
    throw new DaemonError(
      'ACCOUNT_MISSING',
      'Which account is to sign? Give --account <name> (make one with "account create"), or --dev-account <name> on a development chain.',
      { exitCode: EXIT_USAGE },
    );
  }
  const sources = { file: choice.passphraseFile, env: process.env, terminal: processTerminal() };
  const passphrase = await readPassphrase(sources, `Passphrase of account ${choice.account}:`);
  return keystoreIn(choice.home).unlock(choice.account, passphrase);
}

async function publicAccount(name: string, chainType: string): Promise<KeyringPair> {
  if (chainType === 'Development') return devAccount(name);
  throw new DaemonError(
    'DEV_ACCOUNT_REFUSED',
    `Everybody knows the key of "${name}": it may sign on a development chain only, and this chain is of type ${chainType}.`,
    { exitCode: EXIT_USAGE },
  );
}
