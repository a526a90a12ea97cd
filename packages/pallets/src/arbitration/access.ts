import { type AccountId, bytesEqual, type Context, ensure, orFail } from '@hamster/frame';

import { errors } from './errors.ts';
import { Disputes } from './storage.ts';
import type { Dispute } from './types.ts';

/** A dispute, for a member of its panel. @throws DispatchFailure DisputeNotFound or NotOnPanel */
export const disputeFor = (ctx: Context, id: bigint, voter: AccountId): Dispute => {
  const dispute = orFail(Disputes.get(ctx, id), errors.DisputeNotFound);
  const isMember = dispute.panel.some((member) => bytesEqual(member, voter));
  ensure(isMember, errors.NotOnPanel);
  return dispute;
};
