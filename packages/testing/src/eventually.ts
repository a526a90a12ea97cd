import type { ChainClient } from '@hamster/chain-client';
import { LocalNetworkError } from './errors.ts';

/** Looks at each new block until `look` gives something other than undefined. Throws when the signal aborts first. */
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
  const unwatch = await chain.watchHeads(() => {
    look().then(
      (value) => value !== undefined && found.resolve(value),
      (error: unknown) => found.reject(error),
    );
  });
  try {
    return await found.promise;
  } finally {
    unwatch();
    signal.removeEventListener('abort', onAbort);
  }
}
