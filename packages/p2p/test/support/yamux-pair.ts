import { yamux } from '@chainsafe/libp2p-yamux';
import type { Stream, StreamMuxer, StreamMuxerFactory } from '@libp2p/interface';
import { multiaddrConnectionPair } from '@libp2p/utils';

/** Two yamux ends joined in memory. */
export interface YamuxPair {
  readonly connection: ReturnType<typeof multiaddrConnectionPair>[0];
  /** How many messages the far end has sent. */
  sentByFar(): number;
  readonly near: StreamMuxer;
  readonly far: StreamMuxer;
  /** A stream's two ends. */
  open(): Promise<[Stream, Stream]>;
}

/** With the library's own muxer and settings, unless another is given. */
export function yamuxPair(factory: () => StreamMuxerFactory = yamux()): YamuxPair {
  const [outbound, inbound] = multiaddrConnectionPair();
  const near = factory().createStreamMuxer(outbound);
  const far = factory().createStreamMuxer(inbound);
  let sent = 0;
  const send = inbound.send.bind(inbound);
  inbound.send = (data) => {
    sent += 1;
    return send(data);
  };
  return {
    connection: outbound,
    sentByFar: () => sent,
    near,
    far,
    async open() {
      const arrived = new Promise<Stream>((resolve) =>
        far.addEventListener('stream', (event) => resolve(event.detail), { once: true }),
      );
      return [await near.createStream(), await arrived];
    },
  };
}
