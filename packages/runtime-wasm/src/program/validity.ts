import { call, i32, i64, type WasmModule } from '../emit/index.ts';
import type { Limits } from '../facts/limits.ts';
import type { Basics } from './basics.ts';
import { type Extrinsic, OUTCOME } from './extrinsic.ts';
import { CLASS } from '../facts/inner-class.ts';
import type { Fees } from './fees.ts';
import type { Output } from './output.ts';
import type { Refuse } from './refusals.ts';
import type { Signature } from './signature.ts';
import { ACCOUNT_LENGTH, type Storage } from './storage.ts';
import type { CallInfoVariables } from './walk.ts';

/** Where the fields of `AccountInfo` are. */
const ACCOUNT = { nonce: 0, providers: 8, sufficients: 12, free: 16 };
const TAG_LENGTH = ACCOUNT_LENGTH + 4;

export interface ValidityParts {
  readonly module: WasmModule;
  readonly basics: Basics;
  readonly storage: Storage;
  readonly output: Output;
  readonly extrinsic: Extrinsic;
  readonly signature: Signature;
  readonly info: CallInfoVariables;
  readonly fees: Fees;
  readonly limits: Limits;
  readonly refuse: Refuse;
}

/** What the pool asks: can it be in a block, when, and how much is it worth? In the order of the runtime's own checks. */
export const validity = (parts: ValidityParts) => {
  const { module, basics, storage, output, extrinsic, signature, info, fees, refuse } = parts;
  const isMandatory = i32.eq(info.class, CLASS.mandatory);

  /** Length of the extrinsic → whether the account that was looked up can pay fee and tip, and live on. */
  const canPay = module.function(['i32'], 'i32', (body, length) => {
    const { tipLow, tipHigh } = extrinsic;
    const fee = body.long(call(fees.total, length));
    const isFree = i32.and(i64.eq(fee, 0n), i64.eq(i64.or(tipLow, tipHigh), 0n));
    body.if(isFree, () => body.return(1));
    const low = body.long(i64.load(storage.valueAt, ACCOUNT.free));
    const high = body.long(i64.load(storage.valueAt, ACCOUNT.free + 8));
    const needed = body.long(i64.add(fee, parts.limits.existentialDeposit));
    body.if(i64.lt(low, needed), () => {
      body.if(i64.eq(high, 0n), () => body.return(0));
      body.set(high, i64.sub(high, 1n));
    });
    body.set(low, i64.sub(low, needed));
    body.if(i64.ne(high, tipHigh), () => body.return(i64.gt(high, tipHigh)));
    body.return(i64.ge(low, tipLow));
  });

  /** Nonce → a list of the one tag that stands for it. */
  const tagList = module.function(['i32'], 'none', (body, nonce) => {
    body.run(call(output.u8, 1 << 2));
    body.run(call(output.u8, TAG_LENGTH << 2));
    body.run(call(output.raw, extrinsic.signer, ACCOUNT_LENGTH));
    body.run(call(output.u32, nonce));
  });

  /** Length, how far the nonce is ahead → span of the answer. */
  const accept = module.function(['i32', 'i32'], 'i64', (body, length, gap) => {
    body.run(call(output.begin));
    body.run(call(output.u8, 0));
    body.run(call(output.u64, call(fees.priority, length, extrinsic.tipLow, extrinsic.tipHigh)));
    body.if(
      gap,
      () => body.run(call(tagList, i32.sub(extrinsic.nonce, 1))),
      () => body.run(call(output.u8, 0)),
    );
    body.run(call(tagList, extrinsic.nonce));
    body.run(call(output.u64, call(extrinsic.longevity, i32.add(signature.headNumber, 1))));
    body.run(call(output.u8, 1));
    body.return(call(output.finish));
  });

  /** Length of the extrinsic, whose signature is good → span of the answer. */
  const judge = module.function(['i32'], 'i64', (body, length) => {
    body.if(isMandatory, () => refuse(body, 'MandatoryValidation'));
    body.if(call(basics.isSame, extrinsic.signer, basics.zeros, ACCOUNT_LENGTH), () =>
      refuse(body, 'BadSigner'),
    );
    body.if(i32.not(call(storage.account, extrinsic.signer)), () => refuse(body, 'Payment'));
    const references = i32.or(
      i32.load(storage.valueAt, ACCOUNT.providers),
      i32.load(storage.valueAt, ACCOUNT.sufficients),
    );
    body.if(i32.not(references), () => refuse(body, 'Payment'));
    const expected = body.word(i32.load(storage.valueAt, ACCOUNT.nonce));
    body.if(i32.lt(extrinsic.nonce, expected), () => refuse(body, 'Stale'));
    body.if(call(fees.exceedsAnyBlock, length), () => refuse(body, 'ExhaustsResources'));
    body.if(i32.not(call(canPay, length)), () => refuse(body, 'Payment'));
    body.return(call(accept, length, i32.sub(extrinsic.nonce, expected)));
  });

  /** Length of the whole extrinsic, whose bytes the cursor has; address of the hash of the state's block. */
  return module.function(['i32', 'i32'], 'i64', (body, length, blockHash) => {
    const outcome = body.word(call(extrinsic.read));
    body.if(i32.eq(outcome, OUTCOME.call), () => refuse(body, 'Call'));
    body.if(i32.eq(outcome, OUTCOME.badSigner), () => refuse(body, 'BadSigner'));
    body.if(i32.not(extrinsic.signer), () => {
      body.if(isMandatory, () => refuse(body, 'MandatoryValidation'));
      refuse(body, 'NoUnsignedValidator');
    });
    body.set(signature.headNumber, call(storage.blockNumber));
    body.set(signature.headHash, blockHash);
    body.if(i32.not(call(signature.writeMessage)), () => refuse(body, 'AncientBirthBlock'));
    body.if(signature.lacksMetadataHash, () => refuse(body, 'CannotLookup'));
    body.if(i32.not(call(signature.verify)), () => refuse(body, 'BadProof'));
    body.return(call(judge, length));
  });
};
