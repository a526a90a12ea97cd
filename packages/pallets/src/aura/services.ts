import type { Context, DigestItem, Writable } from '@hamster/frame';
import { Authorities } from './storage.ts';
import { AURA_ENGINE, type AuraId, ConsensusLog } from './types.ts';
import type { Infer } from '@hamster/scale';

export interface AuraServicesConfig {
  readonly depositLog: (at: Writable, item: DigestItem) => void;
}

/** What this pallet does for whoever decides on the authorities; the runtime plugs it in there. */
export const auraServices = ({ depositLog }: AuraServicesConfig) => ({
  /** Others make the blocks from the next one on; the header says so. */
  changeAuthorities(ctx: Context, authorities: readonly Infer<typeof AuraId>[]): void {
    Authorities.put(ctx, authorities);
    const log = ConsensusLog.encode({ type: 'AuthoritiesChange', value: authorities });
    depositLog(ctx, { type: 'Consensus', value: [AURA_ENGINE, log] });
  },
});
