import { bytesEqual, type Context, defineCall, ensure, ensureSigned, weightOf } from '@hamster/frame';
import { u64 } from '@hamster/scale';

import { isRunning, leaseAt } from '../access.ts';
import type { ResourceOrderConfig } from '../config.ts';
import { errors } from '../errors.ts';
import { suspend } from '../lease/advance.ts';
import { type Clock, clockOf } from '../lease/clock.ts';
import { closeLease } from '../lease/close.ts';
import { settle } from '../lease/pay.ts';
import { settleServed } from '../rules/stream.ts';
import { Parameters } from '../storage.ts';
import type { Lease } from '../types.ts';

/** By leaving, the renter says that the machine has served until now; the notice comes on top. */
const payNotice = (
  ctx: Context,
  config: ResourceOrderConfig,
  id: bigint,
  lease: Lease,
  clock: Clock,
): Lease => {
  const { notice_hours, hour } = Parameters.get(ctx);
  const until = ctx.now + BigInt(notice_hours) * hour;
  return settle(ctx, config, id, lease, settleServed(lease, until, clock.pauses));
};

const leaveAsRenter = (
  ctx: Context,
  config: ResourceOrderConfig,
  id: bigint,
  lease: Lease,
  clock: Clock,
): void => {
  const isServed = clock.standing === 'Good' && lease.status.type === 'Active';
  const last = isServed ? payNotice(ctx, config, id, lease, clock) : suspend(ctx, id, lease);
  closeLease(ctx, config, id, last, 'TerminatedByRenter');
};

export const terminateLease = (config: ResourceOrderConfig) =>
  defineCall({
    index: 6,
    docs: [
      'End a lease early.',
      '',
      'As the renter you pay the time until now and at most one hour of notice; the rest comes back. While the lease is',
      'suspended you leave without paying anything more. As the provider you give back the rest of the rent, and the',
      'renter gets a quarter of your collateral; report before, so that your last minutes are paid.',
    ],
    args: { lease: u64 },
    weight: () => weightOf(1_600, 45),
    dispatch(ctx, origin, { lease: id }) {
      const who = ensureSigned(origin);
      const lease = leaseAt(ctx, id);
      const isRenter = bytesEqual(lease.renter, who);
      ensure(isRenter || bytesEqual(lease.provider, who), errors.NotParty);
      ensure(lease.status.type !== 'Disputed', errors.LeaseNotActive);
      ensure(isRunning(lease.status), errors.LeaseNotLive);
      const clock = clockOf(ctx, config, lease);
      ensure(clock.standing === 'Good' || clock.standing === 'Silent', errors.LeaseNotLive);
      if (isRenter) leaveAsRenter(ctx, config, id, lease, clock);
      else closeLease(ctx, config, id, lease, 'TerminatedByProvider');
    },
  });
