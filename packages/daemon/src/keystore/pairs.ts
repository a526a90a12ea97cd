import type { Keyring } from '@polkadot/keyring';
import type { KeyringPair, KeyringPair$Json } from '@polkadot/keyring/types';
import { DaemonError } from '../errors.ts';
import { badJson, badMnemonic } from './errors.ts';

export type KeyFile = KeyringPair$Json;

/** Addresses are shown with the project's SS58 prefix everywhere. */
const SS58_PREFIX = 42;

const DEV_ACCOUNTS = ['alice', 'bob', 'charlie', 'dave', 'eve', 'ferdie'] as const;

/**
 * One of the publicly known accounts //Alice … //Ferdie. Anyone can sign for them: the caller checks that the
 * chain's type is Development. Throws `DEV_ACCOUNT_UNKNOWN`.
 */
export async function devAccount(name: string): Promise<KeyringPair> {
  const known = DEV_ACCOUNTS.find((candidate) => candidate === name.replace(/^\/\//, '').toLowerCase());
  if (!known) {
    throw new DaemonError(
      'DEV_ACCOUNT_UNKNOWN',
      `"${name}" is no development account: use ${DEV_ACCOUNTS.join(', ')}.`,
    );
  }
  const ring = await keyring();
  return ring.addFromUri(`//${known.charAt(0).toUpperCase()}${known.slice(1)}`, { name: known });
}

export async function newMnemonic(): Promise<string> {
  const { mnemonicGenerate } = await cryptography();
  return mnemonicGenerate(12);
}

/** Throws `MNEMONIC_INVALID`. */
export async function pairFromMnemonic(suri: string): Promise<KeyringPair> {
  const ring = await keyring();
  const text = suri.trim().replace(/\s+/g, ' ');
  if (!(await isMnemonic(text))) throw badMnemonic();
  return ring.addFromUri(text);
}

/** A locked pair. Throws `KEY_FILE_INVALID`. */
export async function pairFromJson(file: KeyFile): Promise<KeyringPair> {
  const ring = await keyring();
  try {
    return ring.addFromJson(file);
  } catch (cause) {
    throw badJson('The file', cause);
  }
}

/** The account's encrypted JSON v3 file (scrypt, xsalsa20-poly1305). */
export function keyFileOf(pair: KeyringPair, name: string, passphrase: string): KeyFile {
  pair.setMeta({ name });
  return pair.toJson(passphrase);
}

async function isMnemonic(suri: string): Promise<boolean> {
  const { keyExtractSuri, mnemonicValidate } = await cryptography();
  try {
    return mnemonicValidate(keyExtractSuri(suri).phrase);
  } catch {
    return false;
  }
}

async function keyring(): Promise<Keyring> {
  await cryptography();
  const { Keyring } = await import('#polkadot/keyring');
  return new Keyring({ type: 'sr25519', ss58Format: SS58_PREFIX });
}

/** Loaded when a key is handled: it takes half a second, which a command that only prints should not cost. */
async function cryptography() {
  const library = await import('#polkadot/util-crypto');
  await library.cryptoWaitReady();
  return library;
}
