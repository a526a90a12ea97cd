import { defineCall, ensure, ensureRoot, weightOf } from '@hamster/frame';
import { errors } from '../errors.ts';
import { events } from '../events.ts';
import { hasDistinctKeys } from '../keys.ts';
import { QueuedKeys } from '../storage.ts';
import { AuthorityKeys } from '../types.ts';

export const scheduleChange = defineCall({
  index: 0,
  docs: [
    'Have other keys make blocks, and make them final: those of the next block are the last ones of the present',
    'authorities. The chain stands still if nobody holds the new keys. Root only.',
  ],
  args: { authorities: AuthorityKeys },
  class: 'Operational',
  weight: ({ authorities }) => weightOf(300 + 20 * authorities.length, 4),
  dispatch(ctx, origin, { authorities }) {
    ensureRoot(origin);
    ensure(!QueuedKeys.exists(ctx), errors.ChangePending);
    ensure(authorities.length > 0, errors.NoAuthorities);
    ensure(hasDistinctKeys(authorities), errors.DuplicatedKey);
    QueuedKeys.put(ctx, authorities);
    ctx.deposit(events.NewQueued());
  },
});
