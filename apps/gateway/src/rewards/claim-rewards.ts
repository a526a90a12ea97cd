import { delay, sentenceOf, type Logger } from '@hamster/daemon';
import type { GatewayChain } from '../chain/gateway-chain.ts';
import { ham } from '../ham.ts';

export interface ClaimOptions {
  readonly chain: Pick<GatewayChain, 'rewards' | 'claim'>;
  readonly log: Logger;
  /** Time between two looks, in ms. */
  readonly everyMs: number;
  /** Planck; less than that is left to grow. At least 1. */
  readonly atLeast: bigint;
  /** Told of each claim, in planck. */
  onClaim(amount: bigint): void;
}

/** Claims what the gateway has earned whenever that is enough. Ends when the signal aborts; never rejects. */
export async function keepClaiming(options: ClaimOptions, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await claimIfWorth(options, signal);
    } catch (error) {
      if (!signal.aborted)
        options.log.warn({ reason: sentenceOf(error) }, 'could not claim the rewards; trying again later');
    }
    await delay(options.everyMs, signal).catch(() => undefined);
  }
}

async function claimIfWorth(
  { chain, log, atLeast, onClaim }: ClaimOptions,
  signal: AbortSignal,
): Promise<void> {
  const { claimable } = await chain.rewards(signal);
  if (claimable < atLeast) return;
  const amount = await chain.claim(signal);
  onClaim(amount);
  log.info({ amount: ham(amount) }, 'claimed the rewards');
}
