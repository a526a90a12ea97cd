import { type AccountId, bytesEqual, type Context, ensure, orFail } from '@hamster/frame';

import { errors } from './errors.ts';
import { isEmptyLedger } from './rules/ledger.ts';
import { Resources, Stakes } from './storage.ts';
import type { Resource, StakeLedger } from './types.ts';

/** @throws DispatchFailure ResourceNotFound */
export const resourceAt = (ctx: Context, id: bigint): Resource =>
  orFail(Resources.get(ctx, id), errors.ResourceNotFound);

/** @throws DispatchFailure ResourceNotFound or NotResourceOwner */
export const ownResource = (ctx: Context, id: bigint, who: AccountId): Resource => {
  const resource = resourceAt(ctx, id);
  ensure(bytesEqual(resource.owner, who), errors.NotResourceOwner);
  return resource;
};

/** Keeps no entry for a provider without stake. */
export const putLedger = (ctx: Context, who: AccountId, ledger: StakeLedger): void => {
  if (isEmptyLedger(ledger)) Stakes.remove(ctx, who);
  else Stakes.put(ctx, who, ledger);
};
