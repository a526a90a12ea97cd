import {
  type ApplyResult,
  type Context,
  type DecodedExtrinsic,
  type DispatchEventInfo,
  type DispatchResult,
  inOneGo,
  invalid,
  InvalidTransaction,
  minOf,
  NONE,
  type Origin,
  type RuntimeCall,
  signedBy,
  type StateAccess,
} from '@hamster/frame';
import { enterExtrinsic, noteExtrinsic, type Prepayment, settle, systemEvents } from '@hamster/pallets';
import { payloadOf } from '../extrinsic/format.ts';
import { afterInherent, ensureInherentsApplied } from './inherents.ts';
import { ensureNotMigrating, totalWeight } from './limits.ts';
import { applyResult } from './outcome.ts';
import type { ExecutiveParts } from './parts.ts';
import { preDispatch } from './pre-dispatch.ts';
import { infoNow } from './urgent.ts';

/** What the dispatch cost in the end: never more than was declared. */
const actualInfo = (declared: DispatchEventInfo, result: DispatchResult): DispatchEventInfo => {
  const { actualWeight, paysFee } = result.post ?? {};
  if (!actualWeight && paysFee !== false) return declared;
  const weight = actualWeight && {
    ref_time: minOf(actualWeight.ref_time, declared.weight.ref_time),
    proof_size: minOf(actualWeight.proof_size, declared.weight.proof_size),
  };
  return {
    ...declared,
    weight: weight ?? declared.weight,
    pays_fee: paysFee === false ? { type: 'No' } : declared.pays_fee,
  };
};

/** Tells how it went; the weight is that of the whole extrinsic, as FRAME has it. */
const depositOutcome = (ctx: Context, result: DispatchResult, info: DispatchEventInfo): DispatchEventInfo => {
  const dispatch_info = { ...info, weight: totalWeight(info) };
  ctx.deposit(
    result.ok
      ? systemEvents.ExtrinsicSuccess({ dispatch_info })
      : systemEvents.ExtrinsicFailed({ dispatch_error: result.error, dispatch_info }),
  );
  return dispatch_info;
};

/** What was found out and paid before the dispatch. */
interface Begun {
  readonly info: DispatchEventInfo;
  readonly prepaid: Prepayment;
  readonly origin: Origin;
  readonly call: RuntimeCall;
}

const beginSigned = (parts: ExecutiveParts, ctx: Context, xt: DecodedExtrinsic): Begun => {
  const { call, signed } = payloadOf(xt);
  if (!signed) throw invalid('BadProof', 'a transaction has to be signed');
  const info = infoNow(ctx, parts, xt, signed);
  const { length } = xt.bytes;
  if (info.class.type === 'Mandatory')
    throw invalid('MandatoryValidation', 'only a block’s author makes this call');
  ensureInherentsApplied(ctx);
  ensureNotMigrating(ctx);
  return {
    info,
    prepaid: preDispatch(ctx, parts, { signed, info, length }),
    origin: signedBy(signed.signer),
    call,
  };
};

const endSigned = (
  { fees, payment }: ExecutiveParts,
  ctx: Context,
  { length }: Uint8Array,
  { info, prepaid }: Begun,
  result: DispatchResult,
): DispatchResult => {
  const actual = actualInfo(info, result);
  const fee = actual === info ? prepaid.paid - prepaid.tip : fees.total(actual, length);
  settle(ctx, payment, prepaid, fee);
  noteExtrinsic(ctx, depositOutcome(ctx, result, actual), length);
  return result;
};

const applySigned = (parts: ExecutiveParts, ctx: Context, xt: DecodedExtrinsic): DispatchResult => {
  const begun = beginSigned(parts, ctx, xt);
  return endSigned(parts, ctx, xt.bytes, begun, parts.composition.dispatch(ctx, begun.origin, begun.call));
};

/** With stops between the calls of a batch. */
function* applySignedInSteps(
  parts: ExecutiveParts,
  ctx: Context,
  xt: DecodedExtrinsic,
): Generator<void, DispatchResult> {
  const begun = beginSigned(parts, ctx, xt);
  const result = yield* parts.composition.dispatchInSteps(ctx, begun.origin, begun.call);
  return endSigned(parts, ctx, xt.bytes, begun, result);
}

const applyInherent = (
  { composition }: ExecutiveParts,
  ctx: Context,
  xt: DecodedExtrinsic,
): DispatchResult => {
  const { call } = payloadOf(xt);
  const info = composition.infoOf(call);
  if (info.class.type !== 'Mandatory') {
    throw new InvalidTransaction(
      { validity: 'Unknown', kind: 'NoUnsignedValidator' },
      'this call has to be signed',
    );
  }
  const result = composition.dispatch(ctx, NONE, call);
  if (!result.ok) throw invalid('BadMandatory', `${call.type}.${call.value.type} failed`);
  noteExtrinsic(ctx, depositOutcome(ctx, result, info), xt.bytes.length);
  return result;
};

/** The context of the block's next extrinsic. */
const nextExtrinsic = ({ composition }: ExecutiveParts, state: StateAccess): Context => {
  enterExtrinsic({ state });
  return composition.context(state);
};

/** A bug outside of the call: the extrinsic can't be included, and the block goes on without it. */
const asInvalid = ({ report }: ExecutiveParts, error: unknown): InvalidTransaction => {
  if (error instanceof InvalidTransaction) return error;
  report({ where: 'applyExtrinsic', error });
  return new InvalidTransaction(
    { validity: 'Unknown', kind: 'Custom', custom: 0 },
    'the runtime failed over it',
  );
};

const applyTransaction = (parts: ExecutiveParts, state: StateAccess, xt: DecodedExtrinsic): ApplyResult => {
  state.begin();
  try {
    const result = applySigned(parts, nextExtrinsic(parts, state), xt);
    state.commit();
    return applyResult(parts.composition, result);
  } catch (error) {
    state.rollback();
    throw asInvalid(parts, error);
  }
};

/** All of it, or nothing: what throws leaves no trace. @throws InvalidTransaction */
export function* applyInSteps(
  parts: ExecutiveParts,
  state: StateAccess,
  xt: DecodedExtrinsic,
): Generator<void, ApplyResult> {
  state.begin();
  try {
    const ctx = nextExtrinsic(parts, state);
    const result = xt.signer ? yield* applySignedInSteps(parts, ctx, xt) : applyInherent(parts, ctx, xt);
    // Behind an inherent there is more to do than what it says itself.
    if (!xt.signer) yield* afterInherent(parts, state);
    state.commit();
    return applyResult(parts.composition, result);
  } catch (error) {
    state.rollback();
    throw asInvalid(parts, error);
  }
}

/** As `applyInSteps`, in one go. @throws InvalidTransaction */
export const applyExtrinsic = (
  parts: ExecutiveParts,
  state: StateAccess,
  xt: DecodedExtrinsic,
): ApplyResult => (xt.signer ? applyTransaction(parts, state, xt) : inOneGo(applyInSteps(parts, state, xt)));
