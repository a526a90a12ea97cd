import type { Runtime } from '@hamster/frame';
import { StateError } from '@hamster/state';
import type { BlockId } from '../backend.ts';
import { NodeError } from '../errors.ts';
import { checkOptions, type NodeOptions } from '../options.ts';
import type { Chain } from '../storage/chain.ts';
import { asDamage } from '../storage/damage.ts';
import { openDatabase } from '../storage/database.ts';
import { openChain } from '../storage/open-chain.ts';

export interface RevertOptions {
  /** So many blocks, or as many as there are above the floor. */
  readonly count: number;
  /** Also blocks that are final, which others may have built upon. */
  readonly force: boolean;
}

export interface Reverted {
  readonly from: BlockId;
  readonly to: BlockId;
}

/**
 * Takes the last blocks of a chain back, of which no node may be running. Throws NODE_REVERT when there is nothing that may be
 * taken back, and what opening the database throws.
 */
export async function revertChain(
  options: NodeOptions,
  { runtime }: { readonly runtime: Runtime },
  { count, force }: RevertOptions,
): Promise<Reverted> {
  const { location, chainSpec: spec, pruning, logger, signal } = checkOptions(options);
  const database = await openDatabase(location, spec.id, { logger, signal });
  try {
    const { chain } = await openChain({ database, spec, runtime, pruning, logger });
    const from = chain.best();
    const floor = force ? 0 : chain.finalized().number;
    const target = Math.max(from.number - count, floor);
    if (target === from.number) throw nothing(from, force);
    return { from, to: revertTo(chain, target) };
  } catch (error) {
    throw asDamage(database.path, error);
  } finally {
    await database.close();
  }
}

function revertTo(chain: Chain, target: number): BlockId {
  let head = chain.best();
  while (head.number > target) {
    try {
      head = chain.revertBest();
    } catch (error) {
      if (!isPruned(error) || head.number === target) throw error;
      throw new NodeError(
        'NODE_REVERT',
        `The chain is at #${head.number} now and goes back no further: the state before it was pruned. Without --pruning archive, purge-chain and a new synchronisation lead further back.`,
        { cause: error },
      );
    }
  }
  return head;
}

const isPruned = (error: unknown): boolean =>
  (error instanceof StateError && error.code === 'STATE_UNAVAILABLE') ||
  (error instanceof NodeError && error.code === 'NODE_STATE_UNAVAILABLE');

const nothing = ({ number }: BlockId, force: boolean): NodeError =>
  new NodeError(
    'NODE_REVERT',
    number === 0 || force
      ? `The chain is at #${number}: there is nothing to take back`
      : `Block #${number} is final, and others may rely on it. Nothing was changed; --force takes it back all the same.`,
  );
