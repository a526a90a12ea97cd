import { count } from '../codec/readers.ts';
import type { Reading } from '../connection/reading.ts';
import { ballotFields, disputeFields } from '../model/arbitration.ts';
import type { Ballot, Dispute } from '../model/arbitration.ts';
import type { Patience } from '../signals.ts';
import { all, one, plainValue, some } from './read-store.ts';
import type { MapOf } from './read-store.ts';

export const DISPUTES: MapOf<Omit<Dispute, 'id'>> = {
  pallet: 'arbitration',
  item: 'disputes',
  read: disputeFields,
};
const OF_LEASE: MapOf<number> = { pallet: 'arbitration', item: 'disputeOfLease', read: count };

/** Reads of disputes. What is decided stays readable for the chain's retention time. */
export function disputeReads(reading: Reading) {
  const reads = {
    dispute: async (id: number, patience: Patience = {}): Promise<Dispute | undefined> => {
      const found = await one(reading, DISPUTES, id, patience);
      return found && { id, ...found };
    },

    /** By id, the oldest first. */
    async disputes(patience: Patience = {}): Promise<Dispute[]> {
      const entries = await all(reading, DISPUTES, count, patience);
      return entries.map(([id, fields]) => ({ id, ...fields })).sort((a, b) => a.id - b.id);
    },

    /** The latest dispute about a lease. */
    async disputeOfLease(lease: number, patience: Patience = {}): Promise<Dispute | undefined> {
      const id = await one(reading, OF_LEASE, lease, patience);
      return id === undefined ? undefined : reads.dispute(id, patience);
    },

    /** What a member of a dispute's panel has committed, and revealed; undefined when it did not vote. */
    ballot: (dispute: number, voter: string, patience: Patience = {}): Promise<Ballot | undefined> =>
      plainValue(
        reading,
        'arbitration',
        'ballots',
        (codec) => some(codec, ballotFields),
        patience,
        dispute,
        voter,
      ),
  };
  return reads;
}

export type DisputeReads = ReturnType<typeof disputeReads>;
