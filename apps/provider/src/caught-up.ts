import type { ChainClient } from '@hamster/chain-client';
import { delay, sentenceOf, type Logger } from '@hamster/daemon';
import { hasCaughtUp, remedyIfGivenUp, type BlockSource, type ChainMark } from './chain-mark.ts';
import { isTransient } from './transient.ts';

/** What is asked of a node before anything is staked or served on its word. */
export interface StartingNode extends BlockSource {
  /** The time of its best block, ms since 1970. */
  now(): Promise<number>;
  /** Whether it knows itself that others have more blocks. */
  isSyncing(): Promise<boolean>;
}

export interface CaughtUpModules {
  readonly node: StartingNode;
  readonly mark: ChainMark;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Between two looks, ms. */
  readonly everyMs?: number;
}

const EVERY_MS = 3_000;
const READ_TIMEOUT_MS = 15_000;

/**
 * Resolves once the node has come as far as its chain was seen before, and as far as its peers are. What an older chain says of
 * stake, entry and leases is not so any more: a machine would be registered that already is. Throws DaemonError CHAIN_REPLACED.
 */
export async function untilCaughtUp(modules: CaughtUpModules): Promise<void> {
  const { log, signal, everyMs = EVERY_MS } = modules;
  let told = '';
  for (;;) {
    const reason = await whyBehind(modules);
    if (reason === undefined) break;
    if (reason.why !== told) log.warn(sentencesOf(reason));
    told = reason.why;
    await delay(everyMs, signal);
  }
  if (told !== '') log.info('the node has caught up');
}

interface Reason {
  readonly why: string;
  /** What to do where no waiting helps. */
  readonly remedy?: string;
}

function sentencesOf({ why, remedy }: Reason): string {
  const waiting = `${why}; nothing is registered or served until it has caught up`;
  return remedy === undefined ? waiting : `${waiting}. ${remedy}`;
}

/** A node that does not answer now is asked again, as one that is behind. */
async function whyBehind({ node, mark, signal }: CaughtUpModules): Promise<Reason | undefined> {
  const seen = await mark.read();
  try {
    const isThere = await hasCaughtUp(node, mark, signal);
    if (!isThere || (await node.now()) < seen.chainTime)
      return {
        why: `the node is behind what this provider saw of its chain at ${new Date(seen.chainTime).toISOString()}`,
        remedy: remedyIfGivenUp(mark.path),
      };
    return (await node.isSyncing()) ? { why: 'the node still catches up with its peers' } : undefined;
  } catch (error) {
    if (isTransient(error)) return { why: `the chain does not answer: ${sentenceOf(error)}` };
    throw error;
  }
}

/** The node behind a connection. */
export function startingNode(client: ChainClient, signal: AbortSignal): StartingNode {
  const patience = { signal, timeoutMs: READ_TIMEOUT_MS };
  return {
    blockHash: client.blockHash,
    now: () => client.now(patience),
    isSyncing: () => client.isSyncing(patience),
  };
}
