import { type AccountId, bytesEqual, type Context, ensure, orFail } from '@hamster/frame';

import { errors } from './errors.ts';
import { isEmptyLedger } from './rules/ledger.ts';
import { ResourceCounts, Resources, ResourcesOf, Stakes } from './storage.ts';
import { MAX_RESOURCES, type Resource, type StakeLedger } from './types.ts';

/** @throws DispatchFailure ResourceNotFound */
export const resourceAt = (ctx: Context, id: bigint): Resource =>
  orFail(Resources.get(ctx, id), errors.ResourceNotFound);

/** @throws DispatchFailure ResourceNotFound or NotResourceOwner */
export const ownResource = (ctx: Context, id: bigint, who: AccountId): Resource => {
  const resource = resourceAt(ctx, id);
  ensure(bytesEqual(resource.owner, who), errors.NotResourceOwner);
  return resource;
};

/** @throws DispatchFailure TooManyResources */
export const ensureRoomForMachine = (ctx: Context, owner: AccountId): void =>
  ensure(ResourceCounts.get(ctx, owner) < MAX_RESOURCES, errors.TooManyResources);

export const putMachine = (ctx: Context, id: bigint, resource: Resource): void => {
  Resources.put(ctx, id, resource);
  ResourcesOf.put(ctx, resource.owner, id, undefined);
  ResourceCounts.update(ctx, resource.owner, (count) => count + 1);
};

/** Makes room for another one; keeps no count of nothing. */
export const dropMachine = (ctx: Context, id: bigint, { owner }: Resource): void => {
  Resources.remove(ctx, id);
  ResourcesOf.remove(ctx, owner, id);
  const count = ResourceCounts.get(ctx, owner);
  if (count > 1) ResourceCounts.put(ctx, owner, count - 1);
  else ResourceCounts.remove(ctx, owner);
};

/** Keeps no entry for a provider without stake. */
export const putLedger = (ctx: Context, who: AccountId, ledger: StakeLedger): void => {
  if (isEmptyLedger(ledger)) Stakes.remove(ctx, who);
  else Stakes.put(ctx, who, ledger);
};
