import { defineCall, ensure, ensureSigned, weightOf } from '@hamster/frame';
import { u64 } from '@hamster/scale';

import { isLive, leaseAt } from '../access.ts';
import type { ResourceOrderConfig } from '../config.ts';
import { errors } from '../errors.ts';
import { advanceLease } from '../lease/advance.ts';

export const settleLease = (config: ResourceOrderConfig) =>
  defineCall({
    index: 5,
    docs: [
      'Do to a lease what its time has made due: suspension, fault, end, with their payments. Anyone may call this,',
      'and nobody has to: the chain does it by itself, and only a very busy one is late.',
    ],
    args: { lease: u64 },
    weight: () => weightOf(1_600, 40),
    dispatch(ctx, origin, { lease: id }) {
      ensureSigned(origin);
      const lease = leaseAt(ctx, id);
      ensure(isLive(lease.status), errors.LeaseNotLive);
      advanceLease(ctx, config, id, lease);
    },
  });
