import {
  AccountId,
  type Context,
  type DecodedExtrinsic,
  invalid,
  InvalidTransaction,
  type StateAccess,
  type ValidateOptions,
  type ValidTransaction,
} from '@hamster/frame';
import { BlockHash, BlockNumber, LastRuntimeUpgrade } from '@hamster/pallets';
import { tuple, u32 } from '@hamster/scale';
import { remainingBlocks } from '../extrinsic/era.ts';
import { payloadOf, type SignedPart } from '../extrinsic/format.ts';
import { ensureFitsAnyBlock } from './limits.ts';
import type { ExecutiveParts } from './parts.ts';
import { affordableBill, ensureNonZeroSender, nonceGap } from './pre-dispatch.ts';
import { priorityOf } from './priority.ts';
import { asNormal, infoNow } from './urgent.ts';

const NonceTag = tuple(AccountId, u32);

const ofAuthor = () => invalid('MandatoryValidation', 'only a block’s author makes this call');

const signedPartOf = ({ composition }: ExecutiveParts, xt: DecodedExtrinsic): SignedPart => {
  const { call, signed } = payloadOf(xt);
  if (signed) return signed;
  if (composition.infoOf(call).class.type === 'Mandatory') throw ofAuthor();
  throw new InvalidTransaction(
    { validity: 'Unknown', kind: 'NoUnsignedValidator' },
    'a bare extrinsic comes from the author of a block, never from a pool',
  );
};

/**
 * On the state of a finished block: makes it that of the next one, as far as validity can depend on it. These rules are in
 * force there: where they are newer than the state, the next block begins with them.
 */
export const enterNextBlock = (
  { version }: Pick<ExecutiveParts, 'version'>,
  state: StateAccess,
  blockHash: Uint8Array,
): void => {
  const at = { state };
  const number = BlockNumber.get(at);
  BlockHash.put(at, number, blockHash);
  BlockNumber.put(at, number + 1);
  LastRuntimeUpgrade.put(at, { spec_version: version.specVersion, spec_name: version.specName });
};

const judge = (ctx: Context, parts: ExecutiveParts, xt: DecodedExtrinsic): ValidTransaction => {
  const signed = signedPartOf(parts, xt);
  const info = infoNow(ctx, parts, xt, signed);
  if (info.class.type === 'Mandatory') throw ofAuthor();
  const { length } = xt.bytes;
  ensureNonZeroSender(signed);
  const gap = nonceGap(ctx, signed);
  ensureFitsAnyBlock(info, length);
  const { fee, tip } = affordableBill(ctx, parts, { signed, info, length });
  const { nonce, era } = signed.extra;
  const tag = (value: number): Uint8Array => NonceTag.encode([signed.signer, value]);
  return {
    // One that has to wait for another is judged again behind that one: only what comes next is known to be urgent.
    priority: priorityOf(gap > 0 ? asNormal(info) : info, length, { tip, fee }),
    requires: gap > 0 ? [tag(nonce - 1)] : [],
    provides: [tag(nonce)],
    longevity: remainingBlocks(era, ctx.blockNumber),
    propagate: true,
  };
};

/** Events of a trial are for nobody: encoding them would cost as much as the trial. */
const forgetEvent = (): void => undefined;

/** For the pool. Leaves the state as it was. @throws InvalidTransaction */
export const validate = (
  parts: ExecutiveParts,
  state: StateAccess,
  xt: DecodedExtrinsic,
  { signatureValid, blockHash }: ValidateOptions,
): ValidTransaction => {
  state.begin();
  try {
    if (!signatureValid && payloadOf(xt).signed)
      throw invalid('BadProof', 'the signature is not the sender’s');
    if (blockHash) enterNextBlock(parts, state, blockHash);
    return judge(parts.composition.context(state, forgetEvent), parts, xt);
  } finally {
    state.rollback();
  }
};
