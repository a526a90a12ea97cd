import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DaemonError, sentenceOf, writePrivateFile, type KeyringPair } from '@hamster/daemon';
import type { ChainType, KeyType } from '@hamster/node';
import { KEY_TYPES, pairOf, requireOwn, storedPairOf } from './pairs.ts';

/** Substrate names a key's file by its type and its public key, both in hex, and keeps the secret in it as JSON text. */
const fileName = (type: KeyType, publicKey: Uint8Array): string =>
  Buffer.concat([Buffer.from(type), publicKey]).toString('hex');

const OTHERS = 0o077;

/** The keys that a node authors and votes with, in files that only its owner may read: a node starts unattended. */
export class NodeKeystore {
  readonly #directory: string;
  readonly #chainType: ChainType;

  constructor(directory: string, chainType: ChainType) {
    this.#directory = directory;
    this.#chainType = chainType;
  }

  /** Stores a key; answers it and its file. Throws KEY_SECRET_INVALID, and KEY_KNOWN for one of everybody on a live chain. */
  async insert(
    type: KeyType,
    secret: string,
  ): Promise<{ readonly pair: KeyringPair; readonly path: string }> {
    if (this.#chainType === 'Live') requireOwn(secret);
    const pair = await pairOf(KEY_TYPES[type], secret);
    const path = join(this.#directory, fileName(type, pair.publicKey));
    await writePrivateFile(path, JSON.stringify(secret.trim().replace(/\s+/g, ' ')));
    return { pair, path };
  }

  /** All keys of a type. Throws KEY_FILE_INVALID for a file that others may read, or that holds another key, and KEYSTORE_UNREADABLE. */
  async pairs(type: KeyType): Promise<KeyringPair[]> {
    const prefix = Buffer.from(type).toString('hex');
    const names = (await this.#names()).filter((name) => name.startsWith(prefix));
    return Promise.all(names.map((name) => this.#read(type, name)));
  }

  async #names(): Promise<string[]> {
    try {
      return (await readdir(this.#directory)).filter((name) => /^[0-9a-f]{72}$/.test(name)).sort();
    } catch (error) {
      if (isAbsence(error)) return [];
      throw unreadable(`the keys in ${this.#directory}`, error);
    }
  }

  async #read(type: KeyType, name: string): Promise<KeyringPair> {
    const path = join(this.#directory, name);
    const pair = await storedPairOf(KEY_TYPES[type], secretIn(await readPrivate(path), path));
    if (fileName(type, pair.publicKey) === name) return pair;
    throw invalidFile(`${path} holds another key than its name says: insert the key again.`);
  }
}

async function readPrivate(path: string): Promise<string> {
  try {
    if (((await stat(path)).mode & OTHERS) === 0) return await readFile(path, 'utf8');
  } catch (error) {
    throw unreadable(path, error);
  }
  throw invalidFile(`${path} may be read by others: chmod 600 it, and think about whether they did.`);
}

/** Also of a base path that is no folder, which whatever writes there says better. */
const isAbsence = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');

function secretIn(text: string, path: string): string {
  try {
    const secret: unknown = JSON.parse(text);
    if (typeof secret === 'string') return secret;
  } catch {
    // The reason may quote the secret.
  }
  throw invalidFile(`${path} is no key file: insert the key again.`);
}

const unreadable = (what: string, cause: unknown): DaemonError =>
  new DaemonError(
    'KEYSTORE_UNREADABLE',
    `Cannot read ${what}: ${sentenceOf(cause)}. It has to belong to the user who runs the node (chown).`,
    { cause },
  );

const invalidFile = (message: string): DaemonError => new DaemonError('KEY_FILE_INVALID', message);
