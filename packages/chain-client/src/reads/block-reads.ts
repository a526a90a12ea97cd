import type { Link } from '../connection/link.ts';
import type { Patience } from '../signals.ts';
import { bestBlock, nextNonce, numberOf } from '../submit/blocks.ts';

/** A block of one chain and of no other. */
export interface BlockRef {
  readonly number: number;
  readonly hash: string;
}

/** What the node says of the chain's blocks themselves. */
export function blockReads(link: Link) {
  return {
    /** The last block that stays, or one shortly before it. */
    async finalBlock(patience: Patience = {}): Promise<BlockRef> {
      const what = 'Reading the last final block';
      const hash = String(await link.request(what, 'chain_getFinalizedHead', [], patience));
      return { number: await numberOf(link, patience, hash), hash };
    },
    /** The number of the newest block, which may yet be replaced. */
    bestNumber: (patience: Patience = {}): Promise<number> => bestBlock(link, patience),
    /** The nonce of the account's next transaction, those that wait at the node included. */
    nextNonce: (address: string, patience: Patience = {}): Promise<number> =>
      nextNonce(link, address, patience),
    /** Whether the node knows of peers that have far more blocks than it has itself. */
    async isSyncing(patience: Patience = {}): Promise<boolean> {
      const health = await link.request("Reading the node's health", 'system_health', [], patience);
      return (
        typeof health === 'object' && health !== null && 'isSyncing' in health && health.isSyncing === true
      );
    },
    /** The hash of the block with this number; undefined where the node has not come so far. */
    async blockHash(number: number, patience: Patience = {}): Promise<string | undefined> {
      const what = `Reading block ${number}`;
      const hash = await link.request(what, 'chain_getBlockHash', [number], patience);
      return typeof hash === 'string' ? hash : undefined;
    },
  };
}

export type BlockReads = ReturnType<typeof blockReads>;
