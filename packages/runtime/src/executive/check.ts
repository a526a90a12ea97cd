import type { DecodedExtrinsic, Hash, SignatureClaim, StateReader } from '@hamster/frame';
import { BlockHash, BlockNumber } from '@hamster/pallets';
import { bytesEqual } from '@hamster/frame';
import { signatureClaim } from '../extrinsic/claim.ts';
import { payloadOf } from '../extrinsic/format.ts';
import { versionInForce } from '../version.ts';
import type { ExecutiveParts } from './parts.ts';

/** The state of a finished block does not have the block's own hash yet: this one does. */
const withBlockHash = (state: StateReader, number: number, hash: Hash): StateReader => {
  const key = BlockHash.keyOf(number);
  return {
    get: (wanted) => (bytesEqual(wanted, key) ? hash : state.get(wanted)),
    nextKey: (after) => state.nextKey(after),
    keys: (prefix, startAfter) => state.keys(prefix, startAfter),
  };
};

/**
 * See `Runtime.check`. Transactions of an open block are signed for the version that is in force in it: a node that comes late
 * executes those from before its rules began, too.
 */
export const check = (
  { version }: ExecutiveParts,
  state: StateReader,
  xt: DecodedExtrinsic,
  blockHash?: Hash,
): SignatureClaim | undefined => {
  const payload = payloadOf(xt);
  const { signed } = payload;
  if (!signed) return undefined;
  const number = BlockNumber.get({ state });
  const context = blockHash
    ? { version, state: withBlockHash(state, number, blockHash), blockNumber: number + 1 }
    : { version: versionInForce(version, state), state, blockNumber: number };
  return signatureClaim(context, { bytes: xt.bytes, payload, signed });
};
