import type { Libp2p, Stream, StreamMessageEvent } from '@libp2p/interface';
import { NetworkError } from './errors.ts';
import { Rate } from './rate.ts';
import { abortStream } from './wire/frames.ts';

const PING = '/ipfs/ping/1.0.0';
const PING_BYTES = 32;
/** Pings of one stream per second, on average. */
const PER_SECOND = 2;

/**
 * Answers pings for as long as a stream lasts. The library's own service ends every stream after some seconds, upon which
 * smoldot, which pings on one stream every 20 s, takes the whole connection for dead; and it keeps without bound what it
 * cannot send back.
 */
export async function answerPings(libp2p: Libp2p): Promise<void> {
  await libp2p.handle(PING, echo, { maxInboundStreams: 2 });
}

function echo(stream: Stream): void {
  const rate = new Rate(PER_SECOND);
  let size = 0;
  stream.addEventListener('message', ({ data }: StreamMessageEvent) => {
    if (stream.writeStatus !== 'writable') return;
    size += data.byteLength;
    if (size >= PING_BYTES) {
      size %= PING_BYTES;
      if (!rate.take() || stream.writeBufferLength > 0) {
        return abortStream(stream, new NetworkError('PEER_EXCESSIVE', 'Too many pings'));
      }
    }
    stream.send(data);
  });
  const finish = (): void => void stream.close().catch(() => undefined);
  stream.addEventListener('remoteCloseWrite', finish);
  if (stream.remoteWriteStatus === 'closed') finish();
}
