import type { Connection, Stream } from '@libp2p/interface';
import { asError, PeerError } from '../errors.ts';
import { framed, type Framed } from '../streams/framed.ts';
import type { Fields } from '../wire/cbor.ts';
import { decodeReply } from '../wire/reply.ts';

/** Streams of one protocol that one connection may carry. */
const MAX_OUTBOUND = 1024;

/** A fresh, unused stream of a provider's protocol. */
export async function newStream(
  connection: Connection,
  protocol: string,
  signal: AbortSignal,
): Promise<Stream> {
  try {
    return await connection.newStream(protocol, {
      runOnLimitedConnection: true,
      maxOutboundStreams: MAX_OUTBOUND,
      signal,
    });
  } catch (cause) {
    throw new PeerError('CONNECTION_LOST', 'The provider does not answer on this connection', { cause });
  }
}

interface Question {
  readonly request: Uint8Array;
  /** Of the answer, in bytes. */
  readonly maxMessage: number;
  readonly signal: AbortSignal;
}

/** Sends a request on a fresh stream and waits for the yes to it. Aborts the stream when it does not come. */
export async function askOn(
  stream: Stream,
  { request, maxMessage, signal }: Question,
): Promise<{ messages: Framed; reply: Fields }> {
  try {
    const messages = framed(stream, maxMessage);
    messages.write(request);
    return { messages, reply: decodeReply(await messages.read(signal)) };
  } catch (error) {
    stream.abort(asError(error));
    throw error;
  }
}
