import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeyringPair } from '@polkadot/keyring/types';
import { makePrivateDirectory, writePrivateFile } from '../json-state.ts';
import { badJson, exists, notFound, refuseUseless, wrongPassphrase } from './errors.ts';
import { keyFileOf, pairFromJson, pairFromMnemonic, newMnemonic } from './pairs.ts';
import type { KeyFile } from './pairs.ts';
import { checkName } from './names.ts';

export interface KeystoreEntry {
  readonly name: string;
  /** SS58 with the project's prefix. */
  readonly address: string;
  readonly path: string;
}

/**
 * A directory (0700) of accounts, each an encrypted polkadot JSON v3 file (0600) that any wallet can import.
 * Accounts are named by the person who made them; every lookup takes the name or the address.
 */
export class Keystore {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Makes an account. The mnemonic is returned once and stored nowhere in clear text. */
  async create(name: string, passphrase: string): Promise<KeystoreEntry & { readonly mnemonic: string }> {
    const mnemonic = await newMnemonic();
    return { ...(await this.importMnemonic(name, mnemonic, passphrase)), mnemonic };
  }

  /** Stores the account of a 12 to 24 word mnemonic, which may end in a derivation path (`…//hard/soft`). */
  async importMnemonic(name: string, mnemonic: string, passphrase: string): Promise<KeystoreEntry> {
    const pair = await pairFromMnemonic(mnemonic);
    return this.#store(name, pair, passphrase);
  }

  /**
   * Stores a JSON file that a wallet exported, after checking that the passphrase opens it. Throws `KEY_KIND_UNSUPPORTED`, `WRONG_PASSPHRASE`,
   * `KEY_FILE_INVALID`.
   */
  async importJson(name: string, json: string, passphrase: string): Promise<KeystoreEntry> {
    const pair = await pairFromJson(parse(json, 'The file to import'));
    refuseUseless(pair);
    openPair(pair, name, passphrase);
    return this.#store(name, pair, passphrase);
  }

  /** The encrypted JSON of an account, as wallets import it. */
  async export(nameOrAddress: string): Promise<string> {
    const { path } = await this.find(nameOrAddress);
    return readFile(path, 'utf8');
  }

  /** All accounts, by name. Files that are no key files are left out. */
  async list(): Promise<KeystoreEntry[]> {
    await makePrivateDirectory(this.#directory);
    const files = (await readdir(this.#directory)).filter((file) => file.endsWith('.json')).sort();
    const entries = await Promise.all(files.map((file) => this.#entry(file.slice(0, -'.json'.length))));
    return entries.filter((entry) => entry !== undefined);
  }

  /** Throws `KEY_NOT_FOUND`, naming the accounts that there are. */
  async find(nameOrAddress: string): Promise<KeystoreEntry> {
    const entries = await this.list();
    const found = entries.find(({ name, address }) => name === nameOrAddress || address === nameOrAddress);
    if (found) return found;
    throw notFound(
      nameOrAddress,
      entries.map(({ name }) => name),
    );
  }

  /** The account's key pair, able to sign. Throws `KEY_NOT_FOUND` or `WRONG_PASSPHRASE`. */
  async unlock(nameOrAddress: string, passphrase: string): Promise<KeyringPair> {
    const { name, path } = await this.find(nameOrAddress);
    const pair = await pairFromJson(parse(await readFile(path, 'utf8'), path));
    openPair(pair, name, passphrase);
    return pair;
  }

  /** Deletes an account's file. */
  async remove(nameOrAddress: string): Promise<KeystoreEntry> {
    const entry = await this.find(nameOrAddress);
    await rm(entry.path);
    return entry;
  }

  /** By the pair's address: of some schemes the file has the public key in its place. */
  async #store(name: string, pair: KeyringPair, passphrase: string): Promise<KeystoreEntry> {
    checkName(name);
    const { address } = pair;
    const entries = await this.list();
    const taken = entries.find((entry) => entry.name === name || entry.address === address);
    if (taken) throw exists(taken.name, taken.address);
    const path = this.#path(name);
    await writePrivateFile(path, `${JSON.stringify(keyFileOf(pair, name, passphrase))}\n`);
    return { name, address, path };
  }

  async #entry(name: string): Promise<KeystoreEntry | undefined> {
    const path = this.#path(name);
    try {
      const { address } = await pairFromJson(parse(await readFile(path, 'utf8'), path));
      return { name, address, path };
    } catch {
      return undefined;
    }
  }

  #path(name: string): string {
    return join(this.#directory, `${name}.json`);
  }
}

function openPair(pair: KeyringPair, name: string, passphrase: string): void {
  try {
    pair.decodePkcs8(passphrase);
  } catch {
    throw wrongPassphrase(name);
  }
}

function parse(json: string, path: string): KeyFile {
  try {
    return JSON.parse(json) as KeyFile;
  } catch (cause) {
    throw badJson(path, cause);
  }
}
