import type { ChainClient } from '@hamster/chain-client';
import { LocalNetworkError } from './errors.ts';

/**
 * Looks at each new block until `look` gives something other than undefined. A look that lasts longer than a block
 * is waited for: two of them never run at once. Throws when the signal aborts first.
 */
export async function eventually<T>(
  chain: ChainClient,
  look: () => Promise<T | undefined>,
  { what, signal }: { readonly what: string; readonly signal: AbortSignal },
): Promise<T> {
  const found = Promise.withResolvers<T>();
  const onAbort = (): void =>
    found.reject(new LocalNetworkError('NOT_READY', `Waited in vain until ${what}`));
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  let looking = false;
  const lookOnce = async (): Promise<void> => {
    if (looking || signal.aborted) return;
    looking = true;
    try {
      const value = await look();
      if (value !== undefined) found.resolve(value);
    } catch (error) {
      found.reject(error);
    } finally {
      looking = false;
    }
  };
  const unwatch = await chain.watchHeads(() => void lookOnce());
  try {
    return await found.promise;
  } finally {
    unwatch();
    signal.removeEventListener('abort', onAbort);
  }
}
