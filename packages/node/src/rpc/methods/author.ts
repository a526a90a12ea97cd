import { toHex } from '@hamster/crypto';
import { extrinsicHash } from '../../hash.ts';
import type { Hash } from '../../header.ts';
import { opaqueExtrinsic } from '../../opaque-extrinsic.ts';
import { faultText, opaqueFault } from '../opaque-fault.ts';
import { badExtrinsicFormat, invalidParams, notEvenOpaque } from '../protocol/errors.ts';
import { method, sessionMethod, unsafe } from '../protocol/method.ts';
import type { Steps } from '../protocol/steps.ts';
import { StatusTeller } from '../status-teller.ts';
import { bytes, hash, isObject, list, type Param, preview, subscriptionId } from '../protocol/params.ts';

const HASH = hash('hash');
const EXTRINSIC = bytes('extrinsic');
const MAX_REMOVED = 1024;
const UPDATE_EVENT = 'author_extrinsicUpdate';

export const author_submitExtrinsic = method([bytes('bytes')], ({ backend }, given) => {
  const extrinsic = opaqueExtrinsic(given);
  if (!extrinsic) throw notEvenOpaque(faultText(opaqueFault(given)));
  return backend.submit(extrinsic);
});

/** Those that a block could take now, as Substrate: others wait in the pool without being told. */
export const author_pendingExtrinsics = method([], ({ backend, inSteps }) => inSteps(texts(backend.ready())));

/** A pool may hold more than an answer, and writing all of it in vain would take long. */
function* texts(extrinsics: Iterable<Uint8Array | undefined>): Steps<string[]> {
  const written: string[] = [];
  for (const extrinsic of extrinsics) {
    const text = extrinsic ? toHex(extrinsic) : '';
    if (extrinsic) written.push(text);
    yield text.length;
  }
  return written;
}

/** Either of the two, as Substrate's serde reads an enum. */
const hashOrExtrinsic: Param<Hash> = {
  name: 'bytesOrHash',
  parse(value) {
    const [[kind, inner] = [], ...others] = isObject(value) ? Object.entries(value) : [];
    if (others.length === 0 && kind === 'hash') return HASH.parse(inner);
    if (others.length === 0 && kind === 'extrinsic') return hashOfExtrinsic(EXTRINSIC.parse(inner));
    throw invalidParams(
      `"bytesOrHash" must be a list of {"hash": …} or {"extrinsic": …}, got ${preview(value)}`,
    );
  },
};

function hashOfExtrinsic(given: Uint8Array): Hash {
  const extrinsic = opaqueExtrinsic(given);
  if (!extrinsic) throw badExtrinsicFormat(faultText(opaqueFault(given)));
  return extrinsicHash(extrinsic);
}

/** Answers the hashes of those that were there; they are not taken in again for a while. */
export const author_removeExtrinsic = unsafe(
  method([list(hashOrExtrinsic, MAX_REMOVED)], ({ backend }, hashes) =>
    hashes.filter((each) => backend.withdraw(each, { ban: true })),
  ),
);

export const author_submitAndWatchExtrinsic = sessionMethod([bytes('bytes')], async (call, given) => {
  const extrinsic = opaqueExtrinsic(given);
  if (!extrinsic) throw badExtrinsicFormat(faultText(opaqueFault(given)));
  const subscription = call.session.subscribe(UPDATE_EVENT, call.afterResponse);
  try {
    const teller = new StatusTeller(call, subscription);
    const watched = await call.backend.watch(extrinsic, (status) => teller.tell(status));
    subscription.onEnd(() => watched.unsubscribe());
  } catch (error) {
    subscription.end();
    throw error;
  }
  return subscription.id;
});

export const author_unwatchExtrinsic = sessionMethod([subscriptionId], ({ session }, id) =>
  session.unsubscribe(id, UPDATE_EVENT),
);
