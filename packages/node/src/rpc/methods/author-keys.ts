import { toHex } from '@hamster/crypto';
import type { KeyStore, KeyType } from '../../key-store.ts';
import { KEY_TYPES } from '../../key-store.ts';
import type { Call } from '../protocol/method.ts';
import { methodNotFound, badKeyType, badSessionKeys, keyStoreUnavailable } from '../protocol/errors.ts';
import { method, unsafe } from '../protocol/method.ts';
import { bytes, text } from '../protocol/params.ts';

const KEY_BYTES = 32;

/** Keeps a secret in the node's keystore: it signs with it from now on. */
export const author_insertKey = unsafe(
  method([text('keyType'), text('suri'), bytes('public')], async (call, type, secret, publicKey) => {
    const keys = keysOf(call);
    const known = knownType(type);
    if (!known) throw keyStoreUnavailable();
    try {
      // A file under another key's name would take the node down at its next start.
      if (!same(await keys.publicKeyOf(known, secret), publicKey)) throw keyStoreUnavailable();
      await keys.insert(known, secret);
    } catch {
      // The reason may quote the secret.
      throw keyStoreUnavailable();
    }
    return null;
  }),
);

/** Makes a new key of each type, and answers their public halves as `validators.set_keys` takes them. */
export const author_rotateKeys = unsafe(
  method([], async (call) => {
    const keys = keysOf(call);
    const made: Uint8Array[] = [];
    for (const type of KEY_TYPES) made.push(await keys.generate(type));
    return toHex(Buffer.concat(made));
  }),
);

export const author_hasKey = unsafe(
  method([bytes('publicKey'), text('keyType')], (call, publicKey, type) => {
    const known = knownType(type);
    return known !== undefined && keysOf(call).has(known, publicKey);
  }),
);

/** Whether the node holds all keys of what `author_rotateKeys` answered. */
export const author_hasSessionKeys = unsafe(
  method([bytes('sessionKeys')], (call, session) => {
    if (session.length !== KEY_TYPES.length * KEY_BYTES) throw badSessionKeys();
    const keys = keysOf(call);
    return KEY_TYPES.every((type, index) =>
      keys.has(type, session.subarray(index * KEY_BYTES, (index + 1) * KEY_BYTES)),
    );
  }),
);

function keysOf({ backend }: Call): KeyStore {
  if (!backend.keyStore) throw methodNotFound();
  return backend.keyStore;
}

/** Undefined for a type that this chain has no use for. */
function knownType(type: string): KeyType | undefined {
  if (Buffer.byteLength(type) !== 4) throw badKeyType();
  return KEY_TYPES.find((known) => known === type);
}

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
