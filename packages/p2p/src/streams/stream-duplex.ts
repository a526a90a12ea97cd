import { Duplex } from 'node:stream';
import type { Stream, StreamCloseEvent, StreamMessageEvent } from '@libp2p/interface';
import { asError, PeerError } from '../errors.ts';
import { flowOf, isReadToEnd, onWritable, type Flow } from './flow.ts';
import type { RawStream } from './framed.ts';

const BUFFER = 256 * 1024;

type WriteCallback = (error?: Error | null) => void;

/**
 * A libp2p stream as a Node duplex, with backpressure both ways and half-close: `end()` finishes our side only,
 * 'end' tells that the remote finished its side. A connection that vanishes is an error, never an 'end', so that
 * nobody takes half a file for a whole one.
 */
export function streamDuplex(raw: RawStream): Duplex {
  return new StreamDuplex(raw);
}

class StreamDuplex extends Duplex {
  readonly #stream: Stream;
  readonly #flow: Flow;
  #finished: boolean;
  #ended = false;
  #waiting: WriteCallback | undefined;

  constructor({ stream, early, finished }: RawStream) {
    super({ allowHalfOpen: true, highWaterMark: BUFFER });
    this.#stream = stream;
    this.#flow = flowOf(stream);
    this.#finished = finished;
    if (early.length > 0) this.push(early);
    this.#listen();
    this.#onEnd();
    if (stream.status !== 'open') this.#onClose();
  }

  override _read(): void {
    this.#flow.resume();
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, callback: WriteCallback): void {
    try {
      if (this.#stream.send(chunk)) callback();
      else this.#waiting = callback;
    } catch (error) {
      callback(asError(error));
    }
  }

  override _final(callback: WriteCallback): void {
    this.#stream.close().then(
      () => callback(),
      (error: unknown) => callback(asError(error)),
    );
  }

  override _destroy(error: Error | null, callback: WriteCallback): void {
    const whole = this.readableEnded && this.writableFinished;
    if (error || !whole) this.#stream.abort(error ?? lost('was given up'));
    this.#waiting = undefined;
    callback(error);
  }

  #listen(): void {
    const stream = this.#stream;
    stream.addEventListener('remoteCloseWrite', () => {
      this.#finished = true;
    });
    stream.addEventListener('message', (event) => this.#onMessage(event));
    stream.addEventListener('end', () => this.#onEnd());
    stream.addEventListener('close', (event) => this.#onClose(event));
    onWritable(stream, () => this.#onWritable());
  }

  #onMessage(event: StreamMessageEvent): void {
    if (this.destroyed) return;
    const chunks = event.data instanceof Uint8Array ? [event.data] : event.data;
    let more = true;
    for (const chunk of chunks) more = this.push(chunk);
    if (!more) this.#flow.pause();
    this.#onEnd();
  }

  /** 'end' comes after a reset and after a lost connection too; only the remote's own finish makes it one. */
  #onEnd(): void {
    if (!this.#finished || this.#ended || !isReadToEnd(this.#stream)) return;
    this.#ended = true;
    this.push(null);
  }

  #onClose(event?: StreamCloseEvent): void {
    if (event?.error) this.destroy(lost('was cut off', event.error));
    else if (!this.#finished) this.destroy(lost('was lost'));
  }

  #onWritable(): void {
    const callback = this.#waiting;
    this.#waiting = undefined;
    callback?.();
  }
}

function lost(how: string, cause?: Error): PeerError {
  return new PeerError('CONNECTION_LOST', `The tunnel's connection ${how}`, { cause });
}
