import { toHex } from '@hamster/crypto';
import type { Hash } from '../../header.ts';
import { isDiscarded } from '../discarded.ts';
import { method } from '../protocol/method.ts';
import { discardedState, ERROR_CODES } from '../protocol/errors.ts';
import { archiveHex, invalidParameter } from '../protocol/hex-text.ts';
import { hash, text, uint64 } from '../protocol/params.ts';
import type { Steps } from '../protocol/steps.ts';
import { executed, executionFault } from '../runtime-calls.ts';

const HASH = hash('hash');
const MAX_NUMBER = 0xffff_ffff;

export const archive_v1_genesisHash = method([], ({ backend }) => backend.genesisHash);

export const archive_v1_finalizedHeight = method([], ({ backend }) => backend.finalized().number);

export const archive_v1_hashByHeight = method([uint64('height')], ({ backend }, height) => {
  if (height > MAX_NUMBER)
    throw invalidParameter(ERROR_CODES.archiveParameter, `Invalid block height: ${BigInt(height)}`);
  const found = backend.hashAt(height);
  return found ? [found] : [];
});

export const archive_v1_header = method([HASH], ({ backend }, block) => {
  const header = backend.encodedHeader(block);
  return header ? toHex(header) : null;
});

export const archive_v1_body = method(
  [HASH],
  ({ backend }, block) => backend.body(block)?.map((extrinsic) => toHex(extrinsic)) ?? null,
);

export const archive_v1_call = method(
  [HASH, text('function'), archiveHex('callParameters')],
  (call, block, name, args) => {
    const { backend } = call;
    if (!backend.header(block)) return null;
    if (!backend.stateAt(block)) return { success: false, error: discardedState(block) };
    return call.inSteps(outcomeOf(block, backend.callRuntimeInSteps(block, name, args)));
  },
);

function* outcomeOf(block: Hash, steps: Generator<void, Uint8Array>): Steps<object> {
  try {
    return { success: true, value: toHex(yield* executed(steps)) };
  } catch (error) {
    return { success: false, error: isDiscarded(error) ? discardedState(block) : executionFault(error) };
  }
}
