import { hexOrNull } from '../blocks.ts';
import { unavailableStorageKind } from '../protocol/errors.ts';
import { method, unsafe } from '../protocol/method.ts';
import { bytes, oneOf, type Param } from '../protocol/params.ts';

/** As Substrate, serves the storage that no block takes back; the other kind it names, and has not. */
const KIND: Param<'PERSISTENT' | 'LOCAL'> = oneOf('kind', ['PERSISTENT', 'LOCAL']);

function requirePersistent(kind: 'PERSISTENT' | 'LOCAL'): void {
  if (kind !== 'PERSISTENT') throw unavailableStorageKind();
}

export const offchain_localStorageSet = unsafe(
  method([KIND, bytes('key'), bytes('value')], async ({ backend }, kind, key, value) => {
    requirePersistent(kind);
    await backend.offchain.set(key, value);
    return null;
  }),
);

export const offchain_localStorageClear = unsafe(
  method([KIND, bytes('key')], async ({ backend }, kind, key) => {
    requirePersistent(kind);
    await backend.offchain.clear(key);
    return null;
  }),
);

export const offchain_localStorageGet = unsafe(
  method([KIND, bytes('key')], ({ backend }, kind, key) => {
    requirePersistent(kind);
    return hexOrNull(backend.offchain.get(key));
  }),
);
