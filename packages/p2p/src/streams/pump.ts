import type { Stream } from '@libp2p/interface';
import { asError, PeerError } from '../errors.ts';
import { flowOf, isReadToEnd, onWritable } from './flow.ts';
import type { RawStream } from './framed.ts';

/**
 * Copies all that comes from one stream to another, as fast as that takes it and no faster, then its end. A stream
 * that breaks, or vanishes without an end, aborts the other. `onBytes` hears of each portion.
 */
export function pump(from: RawStream, to: Stream, onBytes: (bytes: number) => void): void {
  const source = from.stream;
  const flow = flowOf(source);
  let finished = from.finished;

  function send(data: Parameters<Stream['send']>[0]): void {
    try {
      onBytes(data.byteLength);
      if (!to.send(data)) flow.pause();
    } catch (error) {
      source.abort(asError(error));
    }
  }

  function onEnd(): void {
    if (finished && isReadToEnd(source)) to.close().catch((error: unknown) => to.abort(asError(error)));
  }

  if (from.early.length > 0) send(from.early);
  onWritable(to, () => flow.resume());
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
}
