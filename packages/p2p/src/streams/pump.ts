import type { Stream } from '@libp2p/interface';
import { asError, PeerError } from '../errors.ts';
import { flowOf, isReadToEnd, isWritable, onWritable } from './flow.ts';
import type { RawStream } from './framed.ts';

/** Who watches what a pump copies, and may hold it up. */
export interface PumpControl {
  /** Hears of each portion, before it is sent. */
  onBytes(bytes: number): void;
  /** Whether more may be read. After a no, the pump waits for `Pump.resume`. */
  mayRead(): boolean;
}

export interface Pump {
  /** Reads on, if the other stream takes more. */
  resume(): void;
}

/**
 * Copies all that comes from one stream to another, as fast as that takes it and no faster, then its end. A stream
 * that breaks, or vanishes without an end, aborts the other.
 */
export function pump(from: RawStream, to: Stream, control: PumpControl): Pump {
  const source = from.stream;
  const flow = flowOf(source);
  let finished = from.finished;

  function send(data: Parameters<Stream['send']>[0]): void {
    try {
      control.onBytes(data.byteLength);
      const takesMore = to.send(data);
      if (!control.mayRead() || !takesMore) flow.pause();
    } catch (error) {
      source.abort(asError(error));
    }
  }

  /** Telling the remote that it may send on fails when the connection is closing, and the stream does not know it yet. */
  function resume(): void {
    try {
      flow.resume();
    } catch (error) {
      source.abort(asError(error));
    }
  }

  function onEnd(): void {
    if (finished && isReadToEnd(source)) to.close().catch((error: unknown) => to.abort(asError(error)));
  }

  if (from.early.length > 0) send(from.early);
  onWritable(to, () => control.mayRead() && resume());
  source.addEventListener('message', (event) => {
    send(event.data);
    onEnd();
  });
  source.addEventListener('remoteCloseWrite', () => {
    finished = true;
  });
  source.addEventListener('end', onEnd);
  source.addEventListener('close', (event) => {
    if (event.error || !finished)
      to.abort(event.error ?? new PeerError('CONNECTION_LOST', 'The other end vanished'));
  });
  onEnd();
  if (source.status !== 'open' && !finished)
    to.abort(new PeerError('CONNECTION_LOST', 'The other end vanished'));
  return {
    resume: () => {
      if (isWritable(to)) resume();
    },
  };
}
