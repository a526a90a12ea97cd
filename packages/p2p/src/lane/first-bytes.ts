import { Socket } from 'node:net';
import type { MultiaddrConnection } from '@libp2p/interface';
import { PeerError } from '../errors.ts';

/** What a TCP connection of the library is, behind its interface; the tests tell when an upgrade changes it. */
export interface TcpInsides extends MultiaddrConnection {
  readonly socket: Socket;
  onData(data: Uint8Array): void;
}

/** Throws PeerError LIBRARY_CHANGED. */
export function insidesOf(connection: MultiaddrConnection): TcpInsides {
  if (isKnown(connection)) return connection;
  throw new PeerError(
    'LIBRARY_CHANGED',
    'The TCP connections of this libp2p have other insides; use the pinned version',
  );
}

function isKnown(connection: MultiaddrConnection): connection is TcpInsides {
  return 'onData' in connection && 'socket' in connection && connection.socket instanceof Socket;
}

/** What comes first on a connection, which the library has not seen then. Throws PeerError when it takes too long. */
export function firstBytes(
  connection: TcpInsides,
  isEnough: (bytes: Buffer) => boolean,
  ms: number,
): Promise<Buffer> {
  const { onData } = connection;
  return new Promise((resolve, reject) => {
    let bytes = Buffer.alloc(0);
    const stop = (): void => {
      clearTimeout(timer);
      connection.onData = onData;
      connection.removeEventListener('close', onClose);
    };
    const fail = (error: PeerError): void => {
      stop();
      reject(error);
    };
    const onClose = (): void => fail(new PeerError('CONNECTION_LOST', 'A connection closed without a word'));
    const timer = setTimeout(() => fail(new PeerError('HANDSHAKE_TIMEOUT', 'Nothing came in time')), ms);
    connection.addEventListener('close', onClose);
    connection.onData = (data) => {
      bytes = Buffer.concat([bytes, data]);
      if (!isEnough(bytes)) return;
      // What comes while the caller is on its way waits in the socket.
      connection.socket.pause();
      stop();
      resolve(bytes);
    };
  });
}

/** Takes the socket from the library, but for its care of what happens when it closes. */
export function takeSocket({ socket }: TcpInsides, unread: Buffer): Socket {
  socket.removeAllListeners('data');
  // The library cuts what was idle for two minutes.
  socket.setTimeout(0);
  if (unread.length > 0) socket.unshift(unread);
  return socket;
}
