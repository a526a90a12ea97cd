import { Readable } from 'node:stream';
import { ApiError } from './errors.ts';

export interface LiveEventsOptions {
  /** Streams at once; one more is refused. Default 16. */
  readonly maxListeners?: number;
  /** Unread bytes that are kept for one listener before it is cut off. Default 256 KiB. */
  readonly maxUnreadBytes?: number;
  /** Between signs of life on a quiet stream, in ms. Default 15 s. */
  readonly quietMs?: number;
}

const MAX_LISTENERS = 16;
const MAX_UNREAD_BYTES = 256 * 1024;
const QUIET_MS = 15_000;
const RECONNECT_MS = 3_000;

/**
 * Live updates as server-sent events. Nothing is kept for who is not there: a listener that was cut off, as one that
 * reads too slowly is, connects again and reads the state anew.
 */
export class LiveEvents {
  readonly #options: LiveEventsOptions;
  readonly #listeners = new Set<Readable>();
  #quiet: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: LiveEventsOptions = {}) {
    this.#options = options;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  /** Tells all listeners. `data` becomes JSON; it must hold nothing secret. */
  publish(event: string, data: unknown): void {
    if (this.#listeners.size === 0) return;
    this.#send(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** A new listener's stream, to be sent as the answer. Throws `TOO_MANY_LISTENERS` or `STOPPING`. */
  listen(): Readable {
    const { maxListeners = MAX_LISTENERS, quietMs = QUIET_MS } = this.#options;
    if (this.#closed) throw new ApiError(503, 'STOPPING', 'The daemon is stopping.');
    if (this.#listeners.size >= maxListeners) throw tooMany(maxListeners);
    const stream = new Readable({ read: () => undefined });
    this.#listeners.add(stream);
    stream.once('close', () => this.#forget(stream));
    stream.push(`retry: ${RECONNECT_MS}\nevent: ready\ndata: {}\n\n`);
    this.#quiet ??= setInterval(() => this.#send(': still here\n\n'), quietMs);
    return stream;
  }

  /** Ends all streams, and takes no more. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#quiet);
    for (const stream of this.#listeners) stream.push(null);
  }

  #send(text: string): void {
    const { maxUnreadBytes = MAX_UNREAD_BYTES } = this.#options;
    const length = Buffer.byteLength(text);
    for (const stream of this.#listeners) {
      if (stream.readableLength + length > maxUnreadBytes) stream.destroy();
      else stream.push(text);
    }
  }

  #forget(stream: Readable): void {
    this.#listeners.delete(stream);
    if (this.#listeners.size > 0) return;
    clearInterval(this.#quiet);
    this.#quiet = undefined;
  }
}

function tooMany(most: number): ApiError {
  return new ApiError(
    429,
    'TOO_MANY_LISTENERS',
    `There are ${most} listeners already, which is the most. Close one, then try again.`,
  );
}
