import { yamux } from '@chainsafe/libp2p-yamux';
import type { Stream, StreamMuxer } from '@libp2p/interface';
import { multiaddrConnectionPair } from '@libp2p/utils';

/** Two yamux ends joined in memory, with the library's own settings. */
export interface YamuxPair {
  readonly connection: ReturnType<typeof multiaddrConnectionPair>[0];
  readonly near: StreamMuxer;
  readonly far: StreamMuxer;
  /** A stream's two ends. */
  open(): Promise<[Stream, Stream]>;
}

export function yamuxPair(): YamuxPair {
  const [outbound, inbound] = multiaddrConnectionPair();
  const near = yamux()().createStreamMuxer(outbound);
  const far = yamux()().createStreamMuxer(inbound);
  return {
    connection: outbound,
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
