import { type ApplyResult, type Composition, DispatchError, type DispatchResult } from '@hamster/frame';
import { result, unit } from '@hamster/scale';
import { TransactionValidityError } from '../extrinsic/validity.ts';

export const ApplyExtrinsicResult = result(result(unit, DispatchError), TransactionValidityError);

const SUCCESS = ApplyExtrinsicResult.encode({ ok: true, value: { ok: true, value: undefined } });

/** The result of an included extrinsic: for people, and as the wire has it. */
export const applyResult = ({ errors }: Composition, dispatched: DispatchResult): ApplyResult => {
  if (dispatched.ok) return { ok: true, encoded: SUCCESS };
  const { error } = dispatched;
  const encoded = ApplyExtrinsicResult.encode({ ok: true, value: { ok: false, error } });
  return { ok: false, error: errors.explain(error), encoded };
};
