import { ChainUnreachable, DispatchFailed, type ChainClient } from '@hamster/chain-client';
import { eventually } from '../../src/index.ts';

/** Looks at the chain; not being able to is nothing seen yet. */
export const whenReachable =
  <T>(look: () => Promise<T | undefined>) =>
  async (): Promise<T | undefined> => {
    try {
      return await look();
    } catch (error) {
      if (error instanceof ChainUnreachable) return undefined;
      throw error;
    }
  };

/** Resolves when so many seconds of the chain have gone by, or early when `stop` aborts. */
export async function afterSeconds(chain: ChainClient, seconds: number, stop: AbortSignal): Promise<void> {
  const since = await firstTime(chain, stop);
  const late = whenReachable(async () => {
    if (stop.aborted) return true;
    return (await chain.now()) >= since + seconds * 1000 ? true : undefined;
  });
  await eventually(chain, late, { what: `${seconds} seconds of the chain are over`, signal: PATIENCE() });
}

async function firstTime(chain: ChainClient, stop: AbortSignal): Promise<number> {
  const look = whenReachable(() => (stop.aborted ? Promise.resolve(0) : chain.now()));
  return eventually(chain, look, { what: 'the chain tells the time', signal: PATIENCE() });
}

/**
 * Has a call done although the node dies in between: repeats it until the chain shows what it was for. A second one that finds it done
 * is refused, which is as good.
 */
export async function surely(
  chain: ChainClient,
  act: () => Promise<unknown>,
  done: () => Promise<boolean>,
): Promise<void> {
  const attempt = whenReachable(async () => {
    if (await done()) return true;
    try {
      await act();
    } catch (error) {
      if (!(error instanceof DispatchFailed)) throw error;
    }
    return (await done()) ? true : undefined;
  });
  await eventually(chain, attempt, { what: 'a call was done', signal: PATIENCE() });
}

const PATIENCE = (): AbortSignal => AbortSignal.timeout(180_000);
