import { type Context, type DecodedExtrinsic, type DispatchEventInfo, signedBy } from '@hamster/frame';
import { payloadOf, type SignedPart } from '../extrinsic/format.ts';
import type { ExecutiveParts } from './parts.ts';
import { outdatedPallet } from './upgrade.ts';

/** The same, without a claim to room of its own. */
export const asNormal = (info: DispatchEventInfo): DispatchEventInfo => ({
  ...info,
  class: { type: 'Normal' },
});

/**
 * Cost and class of a signed extrinsic, as the state is now: what its call calls operational is so only for those whom the chain
 * waits for, and goes with all others otherwise. Anybody may send it, so it must be no way around a full block.
 */
export const infoNow = (
  ctx: Context,
  { composition }: Pick<ExecutiveParts, 'composition'>,
  xt: DecodedExtrinsic,
  { signer }: SignedPart,
): DispatchEventInfo => {
  const { call } = payloadOf(xt);
  const info = composition.infoOf(call);
  if (info.class.type !== 'Operational') return info;
  const isReadable = outdatedPallet(composition, ctx) === undefined;
  const isUrgent = isReadable && composition.isUrgent(ctx, signedBy(signer), call);
  return isUrgent ? info : asNormal(info);
};
