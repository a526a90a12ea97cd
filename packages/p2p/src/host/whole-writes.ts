import type { MultiaddrConnection } from '@libp2p/interface';

/** What a TCP connection of the library is, behind its interface. */
interface TcpConnection {
  readonly socket: { cork(): void; uncork(): void };
  sendData(data: unknown): unknown;
}

/**
 * Has a TCP connection hand over to the system at once what is sent within one turn: the library writes a message in
 * half a dozen pieces, each a system call, a packet, and a wake-up of the other side.
 */
export function writeWhole(connection: MultiaddrConnection): void {
  if (!isTcp(connection)) return;
  const { socket } = connection;
  const send = connection.sendData.bind(connection);
  let corked = false;
  const release = (): void => {
    corked = false;
    socket.uncork();
  };
  connection.sendData = (data) => {
    if (!corked) {
      corked = true;
      socket.cork();
      process.nextTick(release);
    }
    return send(data);
  };
}

function isTcp(connection: object): connection is TcpConnection {
  if (!('socket' in connection && 'sendData' in connection)) return false;
  const { socket } = connection;
  return typeof socket === 'object' && socket !== null && 'cork' in socket && 'uncork' in socket;
}
