import type { ChainClient } from '@hamster/chain-client';
import { duration } from '../format/duration.ts';
import { bad, ok, warn, type Finding } from './finding.ts';

/** Blocks come every few seconds: more than this is wrong. */
const CLOCK_OFF_MS = 60_000;
/** In this time a chain that is alive makes a block. */
const BLOCK_PATIENCE_MS = 20_000;

type Chain = Pick<ChainClient, 'chain' | 'now' | 'watchHeads'> & { isSyncing(): Promise<boolean> };

/** Whether the chain lives, and this computer's clock agrees with it. `now` is this computer's time. */
export async function checkChain(chain: Chain, now: () => number, signal: AbortSignal): Promise<Finding[]> {
  const { url, name } = chain.chain;
  const block = await nextBlock(chain, signal);
  if (block === undefined) {
    return [
      bad(
        'chain',
        `${name} at ${url} answers, but has made no block in ${duration(BLOCK_PATIENCE_MS)}.`,
        (await chain.isSyncing())
          ? 'Its node still fetches blocks. Wait until it has them all, or use another node with --chain.'
          : 'Ask who runs the node, or use another one with --chain.',
      ),
    ];
  }
  const alive = ok('chain', `${name} at ${url} lives; it is at block ${block.number}.`);
  const offset = now() - (await chain.now());
  if (Math.abs(offset) < CLOCK_OFF_MS) {
    return [alive, ok('clock', `This computer’s clock and the chain’s are ${seconds(offset)} apart.`)];
  }
  if (await chain.isSyncing()) {
    return [
      alive,
      warn(
        'clock',
        `The node is ${duration(Math.abs(offset))} behind: it still fetches blocks.`,
        'Wait until it has them all; until then it tells of the past.',
      ),
    ];
  }
  const direction = offset > 0 ? 'ahead of' : 'behind';
  return [
    alive,
    warn(
      'clock',
      `This computer’s clock is ${duration(Math.abs(offset))} ${direction} the chain’s. You get into your machines all the same; only “left” and “ago” are wrong here.`,
      'Set the clock, best by itself: sudo timedatectl set-ntp true',
    ),
  ];
}

async function nextBlock(chain: Chain, signal: AbortSignal): Promise<{ number: number } | undefined> {
  const next = Promise.withResolvers<{ number: number } | undefined>();
  let first: number | undefined;
  const stop = await chain.watchHeads((head) => {
    first ??= head.number;
    if (head.number > first) next.resolve(head);
  });
  const timer = setTimeout(() => next.resolve(undefined), BLOCK_PATIENCE_MS);
  const onAbort = (): void => next.reject(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await next.promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    stop();
  }
}

function seconds(ms: number): string {
  return `${(Math.abs(ms) / 1000).toFixed(1)} s`;
}
