import { setTimeout as delay } from 'node:timers/promises';
import type { DomainRef } from './api/references.ts';
import type { LifecycleEvent } from './api/lifecycle-events.ts';
import { LibvirtConnectionError } from './errors.ts';
import type { Libvirt } from './libvirt.ts';

/**
 * `synced` comes after each connection, the first and every later one, with all domains there are: what happened while
 * there was none is not told, so look at each. `lost` says why there is none now.
 */
export type WatchEvent =
  | { kind: 'synced'; domains: readonly DomainRef[] }
  | ({ kind: 'lifecycle' } & LifecycleEvent)
  | { kind: 'lost'; error: unknown };

export type WatchOptions = {
  connect(signal: AbortSignal): Promise<Libvirt>;
  onEvent(event: WatchEvent): void;
  signal: AbortSignal;
  /** The first and the longest pause before another attempt; default 0.2 s and 10 s. */
  pauseMs?: { first: number; longest: number };
};

const PAUSE_MS = { first: 200, longest: 10_000 };

/** Tells what happens to domains until `signal` fires, over as many connections as that takes. Never rejects. */
export async function watchDomains(options: WatchOptions): Promise<void> {
  const { signal, onEvent } = options;
  const { first, longest } = options.pauseMs ?? PAUSE_MS;
  let pause = first;
  while (!signal.aborted) {
    const error = await watchOnce(options, () => (pause = first)).catch((failure: unknown) => failure);
    if (signal.aborted) return;
    onEvent({ kind: 'lost', error });
    await delay(pause, undefined, { signal }).catch(() => undefined);
    pause = Math.min(pause * 2, longest);
  }
}

/** Resolves with why the connection ended, rejects when there was none. */
async function watchOnce(
  { connect, onEvent, signal }: WatchOptions,
  connected: () => void,
): Promise<unknown> {
  const libvirt = await connect(signal);
  const ended = Promise.withResolvers<unknown>();
  const abort = (): void => ended.resolve(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  libvirt.onClose((error) => ended.resolve(error));
  try {
    // Events first, the list second: what happens in between is told twice rather than not at all.
    await libvirt.onLifecycle((event) => onEvent({ kind: 'lifecycle', ...event }));
    const domains = await libvirt.domains.list({ signal });
    if (libvirt.closed)
      throw new LibvirtConnectionError('ConnectionLost', 'the connection to libvirt was lost');
    connected();
    onEvent({ kind: 'synced', domains });
    return await ended.promise;
  } finally {
    signal.removeEventListener('abort', abort);
    await libvirt.close();
  }
}
