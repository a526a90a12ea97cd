import { blake2b256, toHex } from '@hamster/crypto';
import type { Backend } from '../../backend.ts';
import type { Hash } from '../../header.ts';
import { blockAt, hexOrNull, rulesAt, stateAt } from '../blocks.ts';
import { stateDiscarded } from '../protocol/errors.ts';
import { alias, method } from '../protocol/method.ts';
import { bytes, hash, list, optional, text } from '../protocol/params.ts';
import type { Steps } from '../protocol/steps.ts';
import { legacyVersion, runtimeCall } from '../runtime-calls.ts';
import { storageSize } from '../storage-size.ts';

const KEY = bytes('key');
const AT = optional(hash('hash'));
const MAX_PROOF_KEYS = 1024;
/** Keys that are proved without a stop: some two milliseconds. */
const PROOF_STEP = 16;

export const state_call = method([text('name'), bytes('bytes'), AT], (call, name, data, at) =>
  call.inSteps(runtimeCall(call.backend, at, name, data)),
);

export const state_callAt = alias(state_call);

/** Plain V14 bytes, unlike the `Metadata_*` runtime APIs, which put a length in front. */
export const state_getMetadata = method([AT], ({ backend }, at) => toHex(rulesAt(backend, at).metadata(14)));

export const state_getRuntimeVersion = method([AT], ({ backend }, at) =>
  legacyVersion(rulesAt(backend, at).version),
);

export const chain_getRuntimeVersion = alias(state_getRuntimeVersion);

export const state_getStorage = method([KEY, AT], ({ backend }, key, at) =>
  hexOrNull(stateAt(backend, at).state.get(key)),
);

export const state_getStorageAt = alias(state_getStorage);

export const state_getStorageHash = method([KEY, AT], ({ backend }, key, at) => {
  const value = stateAt(backend, at).state.get(key);
  return value ? toHex(blake2b256(value)) : null;
});

export const state_getStorageSize = method([KEY, AT], ({ backend, inSteps }, key, at) =>
  inSteps(storageSize(backend, at, key)),
);

export const state_getStorageHashAt = alias(state_getStorageHash);

export const state_getStorageSizeAt = alias(state_getStorageSize);

export const state_getReadProof = method([list(KEY, MAX_PROOF_KEYS), AT], ({ backend, inSteps }, keys, at) =>
  inSteps(proofOf(backend, blockAt(backend, at), keys)),
);

/** A node on the ways of many keys comes once, where it comes first: as in the proof of all of them at once. */
function* proofOf(
  backend: Backend,
  block: Hash,
  keys: readonly Uint8Array[],
): Steps<{ at: Hash; proof: string[] }> {
  const nodes = new Set<string>();
  let next = 0;
  do {
    const part = backend.proof(block, keys.slice(next, next + PROOF_STEP));
    if (!part) throw stateDiscarded(block);
    let gathered = 0;
    for (const node of part.map((each) => toHex(each))) {
      if (!nodes.has(node)) gathered += node.length;
      nodes.add(node);
    }
    next += PROOF_STEP;
    yield gathered;
  } while (next < keys.length);
  return { at: block, proof: [...nodes] };
}
