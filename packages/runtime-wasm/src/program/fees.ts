import { call, i32, i64, selectLong, type WasmModule, type Word } from '../emit/index.ts';
import type { ClassLimits, Limits } from '../facts/limits.ts';
import type { FeeRates } from '../facts/oracle.ts';
import type { CallInfoVariables } from './walk.ts';

/** The highest priority of what is not urgent. */
const MOST = (1n << 63n) - 1n;

/** What the call that was walked costs; all take the length of the whole extrinsic. */
export const fees = (module: WasmModule, info: CallInfoVariables, rates: FeeRates, limits: Limits) => {
  const lengthFee = module.function(['i32'], 'i64', (body, length) =>
    body.return(i64.mul(i64.extend(length), rates.perByte)),
  );
  const most = limits.maxBlock.ref_time;
  const weightFee = module.function([], 'i64', (body) =>
    body.return(i64.mul(selectLong(i64.gt(info.refTime, most), most, info.refTime), rates.perRefTime)),
  );
  /** Without tip; nothing for a call that does not pay. */
  const total = module.function(['i32'], 'i64', (body, length) => {
    body.if(i32.not(info.pays), () => body.return(0n));
    body.return(i64.add(i64.add(call(lengthFee, length), call(weightFee)), rates.base));
  });

  const exceeds = ({ maxExtrinsic, maxLength }: ClassLimits, length: Word) => {
    const isLong = i32.gt(length, maxLength);
    if (!maxExtrinsic) return isLong;
    const isHeavy = i64.gt(info.refTime, maxExtrinsic.ref_time);
    return i32.or(isLong, i32.or(isHeavy, i64.gt(info.proofSize, maxExtrinsic.proof_size)));
  };

  /** Whether no block could hold it. Whether it is urgent is for the rules to know: here it is as any other. */
  const exceedsAnyBlock = module.function(['i32'], 'i32', (body, length) =>
    body.return(exceeds(limits.normal, length)),
  );

  /** How many such extrinsics a block could hold, by weight and by length: one at least. */
  const perBlock = module.function(['i32'], 'i64', (body, length) => {
    const weight = body.long(i64.add(info.refTime, limits.normal.baseExtrinsic.ref_time));
    body.if(i64.eq(weight, 0n), () => body.set(weight, 1n));
    const byWeight = body.long(i64.div(limits.maxBlock.ref_time, weight));
    const byLength = body.long(i64.div(BigInt(limits.normal.maxLength), i64.extend(length)));
    const fewer = body.long(selectLong(i64.lt(byWeight, byLength), byWeight, byLength));
    body.return(selectLong(i64.eq(fewer, 0n), 1n, fewer));
  });

  /** Length, and both halves of the tip → priority: the tip for the room that is taken. */
  const priority = module.function(['i32', 'i64', 'i64'], 'i64', (body, length, tip, tipHigh) => {
    const count = body.long(call(perBlock, length));
    const factor = body.long(i64.add(tip, 1n));
    body.if(i32.or(i64.ne(tipHigh, 0n), i64.eq(factor, 0n)), () => body.return(MOST));
    body.if(i64.gt(factor, i64.div(MOST, count)), () => body.return(MOST));
    body.return(i64.mul(factor, count));
  });

  return { lengthFee, weightFee, total, exceedsAnyBlock, priority };
};

export type Fees = ReturnType<typeof fees>;
