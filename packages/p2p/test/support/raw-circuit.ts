import type { Connection, PeerId, Stream } from '@libp2p/interface';
import { expect } from 'vitest';
import { HOP_PROTOCOL, MAX_RELAY_MESSAGE } from '../../src/relay/messages.ts';
import { encodeFields } from '../../src/relay/protobuf.ts';
import { framed } from '../../src/streams/framed.ts';

/** A destination that accepts a relayed connection and then reads nothing. */
export async function takeAndPause(stream: Stream): Promise<void> {
  const messages = framed(stream, MAX_RELAY_MESSAGE);
  await messages.read(AbortSignal.timeout(20_000));
  const ok = [
    [1, 1n],
    [4, 100n],
  ] as const;
  messages.write(encodeFields(ok));
  stream.pause();
}

/** The raw stream of a relayed connection to a peer. */
export async function connectThrough(relay: Connection | undefined, peer: PeerId): Promise<Stream> {
  const stream = await relay?.newStream(HOP_PROTOCOL);
  if (!stream) return expect.fail('There is no connection to the relay');
  const messages = framed(stream, MAX_RELAY_MESSAGE);
  const destination = encodeFields([[1, peer.toMultihash().bytes]]);
  const request = [
    [1, 1n],
    [2, destination],
  ] as const;
  messages.write(encodeFields(request));
  await messages.read(AbortSignal.timeout(20_000));
  return stream;
}
