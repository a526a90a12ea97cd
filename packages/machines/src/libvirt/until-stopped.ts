import type { DomainRef, Libvirt } from '@hamster/libvirt';
import { lacksRoom, powerOf } from './machine.ts';

/** virDomainEventSuspendedDetailType */
const SUSPENDED_IO_ERROR = 2;

/**
 * Calls `onEnd` when the domain stops running, or is held because the host's disk takes nothing more; also when that was before.
 * Returns the function that ends it.
 */
export async function watchEnd(libvirt: Libvirt, domain: DomainRef, onEnd: () => void): Promise<() => void> {
  const unwatch = await libvirt.onLifecycle(({ event, detail, domain: { uuid } }) => {
    const ended = event === 'stopped' || event === 'crashed';
    const stuck = event === 'suspended' && detail === SUSPENDED_IO_ERROR;
    if ((ended || stuck) && uuid === domain.uuid) onEnd();
  });
  if ((await powerOf(libvirt, domain)) === 'off' || (await lacksRoom(libvirt, domain))) onEnd();
  return unwatch;
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
