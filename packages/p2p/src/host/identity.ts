import { randomUUID } from 'node:crypto';
import { link, mkdir, open, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from '@libp2p/crypto/keys';
import type { PrivateKey } from '@libp2p/interface';
import { peerIdFromPrivateKey } from '@libp2p/peer-id';
import { asError, PeerError } from '../errors.ts';

const OTHERS = 0o077;
/** Bytes that are read of a file, which may be any: a key is shorter. */
const MAX_KEY = 1024;

/** A host's key and the peer id that follows from it (base58 text, "12D3Koo…"). */
export interface Identity {
  readonly privateKey: PrivateKey;
  readonly peerId: string;
}

/** A fresh identity that is kept nowhere. */
export async function createIdentity(): Promise<Identity> {
  return identityOf(await generateKeyPair('Ed25519'));
}

/**
 * The Ed25519 identity kept in a file (0600, its folder 0700), created on first use. Two processes that start at
 * once agree on one identity. Throws PeerError IDENTITY_UNREADABLE when the file holds something else,
 * or cannot be made.
 */
export async function loadOrCreateIdentity(path: string): Promise<Identity> {
  return (await load(path)) ?? (await create(path));
}

async function load(path: string): Promise<Identity | undefined> {
  try {
    return await loadFrom(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    if (error instanceof PeerError) throw error;
    throw new PeerError(
      'IDENTITY_UNREADABLE',
      `Cannot read the peer identity ${path}: ${asError(error).message}`,
    );
  }
}

async function loadFrom(path: string): Promise<Identity> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_KEY));
    const identity = identityOf(parse(buffer.subarray(0, bytesRead), path));
    // Only what is a key, for the path may have been mistyped, and where it is needed: a file system may be read-only.
    if ((await file.stat()).mode & OTHERS) await file.chmod(0o600);
    return identity;
  } finally {
    await file.close();
  }
}

function parse(bytes: Uint8Array, path: string): PrivateKey {
  try {
    const key = privateKeyFromProtobuf(bytes);
    if (key.type === 'Ed25519') return key;
  } catch {
    // Reported below: the library's own words name protobuf fields, which help nobody.
  }
  throw new PeerError(
    'IDENTITY_UNREADABLE',
    `${path} does not hold an Ed25519 peer identity; name another file, restore it from a backup, or remove it to get a new peer id`,
  );
}

async function create(path: string): Promise<Identity> {
  const key = await generateKeyPair('Ed25519');
  const temporary = `${path}.${randomUUID()}`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    // On the disk before it has its name: one that was cut by a power failure would be no identity.
    await writeFile(temporary, privateKeyToProtobuf(key), { mode: 0o600, flag: 'wx', flush: true });
    // link() fails when the name is taken: the loser of a race takes the winner's key.
    await link(temporary, path);
    return identityOf(key);
  } catch (error) {
    const winner = hasCode(error, 'EEXIST') ? await load(path) : undefined;
    if (winner) return winner;
    throw new PeerError(
      'IDENTITY_UNREADABLE',
      `Cannot keep a peer identity in ${path}: ${asError(error).message}. Its folder has to be one that can be written, with some room left`,
      { cause: error },
    );
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

function identityOf(privateKey: PrivateKey): Identity {
  return { privateKey, peerId: peerIdFromPrivateKey(privateKey).toString() };
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
