import { bytesEqual, type Context, type DispatchEventInfo, DispatchFailure, invalid } from '@hamster/frame';
import {
  type Bill,
  ensureCanPrepay,
  incrementNonce,
  livingNonceOf,
  prepay,
  type Prepayment,
} from '@hamster/pallets';
import type { SignedPart } from '../extrinsic/format.ts';
import { ensureFitsAnyBlock, ensureFitsBlock } from './limits.ts';
import type { ExecutiveParts } from './parts.ts';

export interface SignedDispatch {
  readonly signed: SignedPart;
  readonly info: DispatchEventInfo;
  /** Bytes of the whole extrinsic. */
  readonly length: number;
}

/** Nobody can have the key of this account: it is what a broken client sends. */
const NOBODY = new Uint8Array(32);

export const ensureNonZeroSender = ({ signer }: SignedPart): void => {
  if (bytesEqual(signer, NOBODY)) throw invalid('BadSigner', 'the account of all zeros signs nothing');
};

/** How far the sender's nonce is ahead of the account's. @throws InvalidTransaction Payment, Stale */
export const nonceGap = (ctx: Context, { signer, extra }: SignedPart): number => {
  const expected = livingNonceOf(ctx, signer);
  if (expected === undefined)
    throw invalid('Payment', 'the account does not exist, so it has nothing to pay with');
  if (extra.nonce < expected)
    throw invalid('Stale', `nonce ${extra.nonce} is used; the next one is ${expected}`);
  return extra.nonce - expected;
};

const billOf = ({ fees }: ExecutiveParts, { signed, info, length }: SignedDispatch): Bill => ({
  who: signed.signer,
  fee: fees.total(info, length),
  tip: signed.extra.tip,
});

const paying = <T>({ fee, tip }: Bill, pay: () => T): T => {
  try {
    return pay();
  } catch (error) {
    if (!(error instanceof DispatchFailure)) throw error;
    throw invalid('Payment', `the account can't pay ${fee + tip} planck and live on`);
  }
};

/** What it will pay at most, which it has. @throws InvalidTransaction Payment */
export const affordableBill = (ctx: Context, parts: ExecutiveParts, dispatch: SignedDispatch): Bill => {
  const bill = billOf(parts, dispatch);
  paying(bill, () => ensureCanPrepay(ctx, parts.payment, bill));
  return bill;
};

/** Takes fee and tip. @throws InvalidTransaction Payment */
const takePayment = (ctx: Context, parts: ExecutiveParts, dispatch: SignedDispatch): Prepayment => {
  const bill = billOf(parts, dispatch);
  return paying(bill, () => prepay(ctx, parts.payment, bill));
};

/**
 * Uses the nonce up and takes the money: stays, whatever becomes of the call. In the order of the extensions, so that one that can
 * never be in a block again is not told to be too much for it. @throws InvalidTransaction
 */
export const preDispatch = (ctx: Context, parts: ExecutiveParts, dispatch: SignedDispatch): Prepayment => {
  const { signed, info, length } = dispatch;
  ensureNonZeroSender(signed);
  const gap = nonceGap(ctx, signed);
  ensureFitsAnyBlock(info, length);
  ensureFitsBlock(ctx, info, length);
  if (gap > 0) throw invalid('Future', `${gap} transactions of the account have to come before`);
  incrementNonce(ctx, signed.signer);
  return takePayment(ctx, parts, dispatch);
};
