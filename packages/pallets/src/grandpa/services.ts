import type { Context, DigestItem, Writable } from '@hamster/frame';
import type { Infer } from '@hamster/scale';
import { events } from './events.ts';
import { Authorities, CurrentSetId } from './storage.ts';
import { type AuthorityList, ConsensusLog, GRANDPA_ENGINE } from './types.ts';

export interface GrandpaServicesConfig {
  readonly depositLog: (at: Writable, item: DigestItem) => void;
}

/** What this pallet does for whoever decides on the authorities; the runtime plugs it in there. */
export const grandpaServices = ({ depositLog }: GrandpaServicesConfig) => ({
  /** Others vote from the next block on; the header says so, and the present ones make this block final. Once in a block. */
  scheduleChange(ctx: Context, authorities: Infer<typeof AuthorityList>): void {
    Authorities.put(ctx, authorities);
    CurrentSetId.update(ctx, (id) => id + 1n);
    const value = { next_authorities: authorities, delay: 0 };
    const log = ConsensusLog.encode({ type: 'ScheduledChange', value });
    depositLog(ctx, { type: 'Consensus', value: [GRANDPA_ENGINE, log] });
    ctx.deposit(events.NewAuthorities({ authority_set: authorities }));
  },
});
