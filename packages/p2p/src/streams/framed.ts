import type { Stream, StreamMessageEvent } from '@libp2p/interface';
import { PeerError } from '../errors.ts';
import { isReadToEnd } from './flow.ts';

/** A stream after its handshake: what arrived too early for us, and whether the remote has already finished. */
export interface RawStream {
  readonly stream: Stream;
  /** Bytes that followed the last frame. */
  readonly early: Uint8Array;
  /** The remote closed its side properly, as opposed to vanishing. */
  readonly finished: boolean;
}

/** Length-prefixed messages (unsigned varint, then the body) on a stream, until `detach` makes it raw. */
export interface Framed {
  /** The next message's body. Throws PeerError MESSAGE_TOO_LONG, MESSAGE_MALFORMED, CONNECTION_LOST or HANDSHAKE_TIMEOUT. */
  read(signal: AbortSignal): Promise<Uint8Array>;
  /** Queues one message; a handshake's messages are far smaller than a stream's window. */
  write(body: Uint8Array): void;
  detach(): RawStream;
}

const LENGTH_BYTES = 4;

/** So much may follow a request before it was answered, in bytes. */
export const MOST_EARLY = 64 * 1024;

/**
 * The library's own length-prefixed reader loses the bytes behind the last message when the remote's end of
 * stream came along with them, hence this one. Of what comes while no message is waited for, the library would keep
 * megabytes; `mostEarly` bounds that, in bytes, and cuts the stream of who sends more.
 */
export function framed(stream: Stream, maxBytes: number, mostEarly = Infinity): Framed {
  let pending: Uint8Array = new Uint8Array(0);
  let finished = stream.status === 'open' && stream.remoteWriteStatus === 'closed';
  const onFinished = (): void => {
    finished = true;
  };
  stream.addEventListener('remoteCloseWrite', onFinished);
  let isReading = false;
  const onEarly = ({ data }: StreamMessageEvent): void => {
    if (isReading) return;
    pending = Buffer.concat([pending, data.subarray()]);
    if (pending.length > mostEarly)
      stream.abort(new PeerError('MESSAGE_TOO_LONG', 'Too much came before it was asked for'));
  };
  if (mostEarly < Infinity) stream.addEventListener('message', onEarly);

  function take(): Uint8Array | undefined {
    const length = readLength(pending);
    if (!length) return undefined;
    if (length.value > maxBytes) {
      throw new PeerError(
        'MESSAGE_TOO_LONG',
        `A message of ${length.value} bytes came, at most ${maxBytes} may`,
      );
    }
    const end = length.bytes + length.value;
    if (pending.length < end) return undefined;
    const body = pending.subarray(length.bytes, end);
    pending = pending.subarray(end);
    return body;
  }

  return {
    read(signal) {
      return new Promise((resolve, reject) => {
        const stop = (): void => {
          isReading = false;
          stream.removeEventListener('message', onMessage);
          stream.removeEventListener('end', onEnd);
          stream.removeEventListener('close', onEnd);
          signal.removeEventListener('abort', onAbort);
        };
        const attempt = (): boolean => {
          try {
            const body = take();
            if (!body) return false;
            stop();
            resolve(body);
          } catch (error) {
            stop();
            reject(error);
          }
          return true;
        };
        const onMessage = (event: StreamMessageEvent): void => {
          pending = Buffer.concat([pending, event.data.subarray()]);
          if (!attempt() && isReadToEnd(stream)) onEnd();
        };
        const onEnd = (): void => {
          if (stream.status === 'open' && !isReadToEnd(stream)) return;
          stop();
          reject(
            new PeerError('CONNECTION_LOST', 'The other side closed the stream in the middle of a handshake'),
          );
        };
        const onAbort = (): void => {
          stop();
          reject(
            new PeerError('HANDSHAKE_TIMEOUT', 'The other side did not answer in time', {
              cause: signal.reason,
            }),
          );
        };

        if (attempt()) return;
        if (signal.aborted) return onAbort();
        if (isReadToEnd(stream)) return onEnd();
        isReading = true;
        signal.addEventListener('abort', onAbort, { once: true });
        stream.addEventListener('end', onEnd);
        stream.addEventListener('close', onEnd);
        stream.addEventListener('message', onMessage);
      });
    },

    write(body) {
      stream.send(Buffer.concat([writeLength(body.length), body]));
    },

    detach() {
      stream.removeEventListener('remoteCloseWrite', onFinished);
      stream.removeEventListener('message', onEarly);
      return { stream, early: pending, finished };
    },
  };
}

function readLength(bytes: Uint8Array): { value: number; bytes: number } | undefined {
  let value = 0;
  for (let index = 0; index < LENGTH_BYTES; index++) {
    const byte = bytes[index];
    if (byte === undefined) return undefined;
    value |= (byte & 0x7f) << (7 * index);
    if (byte < 0x80) return { value, bytes: index + 1 };
  }
  throw new PeerError('MESSAGE_MALFORMED', 'A message came without a readable length');
}

function writeLength(length: number): Uint8Array {
  const bytes: number[] = [];
  let rest = length;
  for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Uint8Array.from([...bytes, rest]);
}
