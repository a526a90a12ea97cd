import type { DomainRef, Libvirt } from '@hamster/libvirt';

/** Calls `onEnd` when the domain stops running; returns the function that ends it. */
export function watchEnd(libvirt: Libvirt, domain: DomainRef, onEnd: () => void): Promise<() => void> {
  return libvirt.onLifecycle((event) => {
    const ended = event.event === 'stopped' || event.event === 'crashed';
    if (ended && event.domain.uuid === domain.uuid) onEnd();
  });
}

/** Runs `wait` until it ends or `watch` tells of the machine's end, which resolves undefined. */
export async function untilStopped<T>(
  watch: (onEnd: () => void) => Promise<() => void>,
  signal: AbortSignal | undefined,
  wait: (signal: AbortSignal) => Promise<T | undefined>,
): Promise<T | undefined> {
  const stopped = new AbortController();
  const unwatch = await watch(() => stopped.abort());
  try {
    return await wait(AbortSignal.any([stopped.signal, ...(signal ? [signal] : [])]));
  } catch (error) {
    if (stopped.signal.aborted && signal?.aborted !== true) return undefined;
    throw error;
  } finally {
    unwatch();
  }
}
