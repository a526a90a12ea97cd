import { badOrigin } from './failure.ts';
import type { AccountId } from './types/account.ts';

/** Pallet and call, whatever its arguments. */
export interface CallName {
  readonly type: string;
  readonly value: { readonly type: string };
}

export interface SignedOrigin {
  readonly type: 'Signed';
  readonly who: AccountId;
  /** What it may call, and what calls inside of these may; anything unless it is given. */
  readonly allows?: (call: CallName) => boolean;
}

/** Who makes a call. */
export type Origin = { readonly type: 'Root' } | SignedOrigin | { readonly type: 'None' };

export const ROOT: Origin = { type: 'Root' };
export const NONE: Origin = { type: 'None' };
export const signedBy = (who: AccountId): Origin => ({ type: 'Signed', who });

/** The origin with one more filter. Root has none: it may call anything. */
export const filtered = (origin: Origin, allows: (call: CallName) => boolean): Origin => {
  if (origin.type !== 'Signed') return origin;
  return { ...origin, allows: (call) => allows(call) && isAllowed(origin, call) };
};

export const isAllowed = (origin: Origin, call: CallName): boolean =>
  origin.type !== 'Signed' || (origin.allows?.(call) ?? true);

/** The signer. @throws DispatchFailure BadOrigin */
export const ensureSigned = (origin: Origin): AccountId => {
  if (origin.type !== 'Signed') throw badOrigin();
  return origin.who;
};

export const ensureRoot = (origin: Origin): void => {
  if (origin.type !== 'Root') throw badOrigin();
};

export const ensureNone = (origin: Origin): void => {
  if (origin.type !== 'None') throw badOrigin();
};
