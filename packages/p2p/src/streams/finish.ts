import type { Stream } from '@libp2p/interface';
import { PeerError } from '../errors.ts';

/** What was said last may still be on its way for so long, in ms. */
const LINGER_MS = 10_000;

/**
 * Ends a stream on which all is said: what still comes is thrown away, and so is the stream when the other side does not end it
 * as well. Left half open it would cost memory, which whoever leaves it so does not pay.
 */
export async function finish(stream: Stream, signal: AbortSignal): Promise<void> {
  await Promise.all([stream.closeRead({ signal }), stream.close({ signal })]);
  if (stream.status !== 'open') return;
  const reason = new PeerError('CONNECTION_LOST', 'The other side did not end the stream');
  const timer = setTimeout(() => stream.abort(reason), LINGER_MS).unref();
  stream.addEventListener('close', () => clearTimeout(timer), { once: true });
}
