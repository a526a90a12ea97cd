import type { Stream, StreamMessageEvent } from '@libp2p/interface';
import { asError, malformed, NetworkError } from '../errors.ts';
import type { Holdings } from './holdings.ts';
import { Inbox } from './inbox.ts';

/** Bytes of a length prefix: 28 bits, more than any message may have. */
const PREFIX_BYTES = 4;
/** Unread bytes at which a stream is told to wait; the muxer's window holds back the rest. */
const ENOUGH_UNREAD = 64 * 1024;

/**
 * Messages on a stream, each behind its length as an unsigned varint. Listens to events: the library's iterator loses a
 * message that comes together with the end of the stream.
 */
export class Frames {
  readonly stream: Stream;
  #maxBytes: number;
  readonly #holdings: Holdings | undefined;
  readonly #inbox = new Inbox();
  #wake: (() => void) | undefined;

  /** @param holdings where the beginning of a message counts while the rest is yet to come. */
  constructor(stream: Stream, maxBytes: number, holdings?: Holdings) {
    this.stream = stream;
    this.#maxBytes = maxBytes;
    this.#holdings = holdings;
    stream.addEventListener('message', this.#receive);
    stream.addEventListener('end', this.#stir);
    stream.addEventListener('close', this.#stir);
  }

  /**
   * The next message; undefined when the other side has finished. Rejects with PEER_TIMEOUT when the signal fires,
   * PEER_LOST, PEER_MALFORMED or PEER_EXCESSIVE. One call at a time.
   */
  async next(signal: AbortSignal): Promise<Uint8Array | undefined> {
    try {
      for (;;) {
        const message = this.#take();
        if (message) return message;
        if (this.#isOver()) return this.#atEnd();
        await this.#more(signal);
      }
    } finally {
      this.#holdings?.release(this.stream);
    }
  }

  /** From the next message on, one may be as long as this. */
  limit(maxBytes: number): void {
    this.#maxBytes = maxBytes;
  }

  /** Queues a message. Throws PEER_LOST when the stream is closed, PEER_TIMEOUT when the peer leaves too much unread. */
  send(body: Uint8Array, maxUnsent = Infinity): void {
    if (this.stream.writeStatus !== 'writable') {
      throw new NetworkError('PEER_LOST', 'The stream is closed');
    }
    if (this.stream.writeBufferLength > maxUnsent) {
      throw new NetworkError('PEER_TIMEOUT', `The peer leaves ${this.stream.writeBufferLength} bytes unread`);
    }
    this.stream.send(withLength(body));
  }

  readonly #receive = (event: StreamMessageEvent): void => {
    for (const piece of pieces(event.data)) this.#inbox.append(piece);
    if (this.#wake) this.#stir();
    // A moment later: paused from within its own resume(), a stream would forget its window.
    else if (this.#inbox.length > ENOUGH_UNREAD) queueMicrotask(() => this.#hold());
  };

  readonly #stir = (): void => {
    this.#wake?.();
    this.#wake = undefined;
  };

  #hold(): void {
    if (!this.#wake && this.stream.readStatus === 'readable') this.stream.pause();
  }

  async #more(signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const onAbort = (): void => reject(timeout(signal));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    this.#wake = resolve;
    // Whoever waits hears of it when this very stream has to go for that, and it says so once.
    if (this.#inbox.length > 0) this.#holdings?.hold(this.stream, this.#inbox.length);
    if (this.stream.readStatus === 'paused') this.stream.resume();
    try {
      await promise;
    } finally {
      this.#wake = undefined;
      signal.removeEventListener('abort', onAbort);
    }
  }

  #take(): Uint8Array | undefined {
    let length = 0;
    for (let index = 0; index < PREFIX_BYTES; index++) {
      const byte = this.#inbox.at(index);
      if (byte === undefined) return undefined;
      length |= (byte & 0x7f) << (7 * index);
      if (byte < 0x80) return this.#body(index + 1, length);
    }
    throw malformed('its length is not readable');
  }

  #body(prefix: number, length: number): Uint8Array | undefined {
    if (length > this.#maxBytes) {
      const message = `A message of ${length} bytes was announced, ${this.#maxBytes} are the most`;
      throw new NetworkError('PEER_EXCESSIVE', message);
    }
    return this.#inbox.length < prefix + length ? undefined : this.#inbox.take(prefix, length);
  }

  #isOver(): boolean {
    return this.stream.status !== 'open' || (this.stream.readableEnded && this.stream.readBufferLength === 0);
  }

  #atEnd(): undefined {
    if (this.#inbox.length > 0)
      throw new NetworkError('PEER_LOST', 'The stream ended in the middle of a message');
    return undefined;
  }
}

/** Ends a stream for good, whatever state it is in. */
export function abortStream(stream: Stream, error: unknown): void {
  stream.abort(asError(error));
}

const timeout = (signal: AbortSignal): NetworkError =>
  new NetworkError('PEER_TIMEOUT', 'The peer did not answer in time', { cause: signal.reason });

const pieces = (data: StreamMessageEvent['data']): Iterable<Uint8Array> =>
  data instanceof Uint8Array ? [data] : data;

function withLength(body: Uint8Array): Uint8Array {
  const prefix: number[] = [];
  let rest = body.length;
  for (; rest >= 0x80; rest >>>= 7) prefix.push((rest & 0x7f) | 0x80);
  prefix.push(rest);
  const framed = new Uint8Array(prefix.length + body.length);
  framed.set(prefix);
  framed.set(body, prefix.length);
  return framed;
}
