import { badOrigin } from './failure.ts';
import type { AccountId } from './types/account.ts';

/** Who makes a call. */
export type Origin =
  | { readonly type: 'Root' }
  | { readonly type: 'Signed'; readonly who: AccountId }
  | { readonly type: 'None' };

export const ROOT: Origin = { type: 'Root' };
export const NONE: Origin = { type: 'None' };
export const signedBy = (who: AccountId): Origin => ({ type: 'Signed', who });

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
