import { count } from '../codec/readers.ts';
import type { Link } from '../connection/link.ts';
import type { Reading } from '../connection/reading.ts';
import type { Patience } from '../signals.ts';
import { accountReads } from './account-reads.ts';
import type { AccountReads } from './account-reads.ts';
import type { BlockRef } from './block-reads.ts';
import { marketReads } from './market-reads.ts';
import type { MarketReads } from './market-reads.ts';
import { orderReads } from './order-reads.ts';
import type { OrderReads } from './order-reads.ts';
import { plainValue } from './read-store.ts';

/** The chain as it was after one block: whatever comes meanwhile, all reads of it agree with each other. */
export interface Snapshot extends AccountReads, MarketReads, OrderReads {
  readonly block: BlockRef;
}

/** Reads that belong together. */
export function snapshots(link: Link) {
  return {
    /** As of the best block, or of the last final one. A node that prunes answers for minutes, not for ever. */
    async snapshot(patience: Patience = {}, which: 'best' | 'finalized' = 'best'): Promise<Snapshot> {
      const method = which === 'best' ? 'chain_getBlockHash' : 'chain_getFinalizedHead';
      const hash = String(await link.request('Reading the latest block', method, [], patience));
      const reading = readingAt(link, hash);
      return {
        ...{ ...accountReads(reading), ...marketReads(reading), ...orderReads(reading) },
        block: { hash, number: await plainValue(reading, 'system', 'number', count, patience) },
      };
    },
  };
}

export type Snapshots = ReturnType<typeof snapshots>;

function readingAt(link: Link, hash: string): Reading {
  return {
    read: (what, work, patience) => link.read(what, async (api) => work(await api.at(hash)), patience),
  };
}
