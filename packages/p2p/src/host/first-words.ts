import type { AbortOptions, ConnectionProtector, MessageStream } from '@libp2p/interface';
import { byteStream } from '@libp2p/utils';
import { PeerError } from '../errors.ts';

/** What every host of libp2p says first, each way. In a private network its key is around it. */
const GREETING = Buffer.from('\x13/multistream/1.0.0\n');

/** What all of the library's connections are, behind their interface. */
interface Receiving extends MessageStream {
  onData: MessageStream['push'];
}

/**
 * Hangs up as soon as what comes first is no greeting: without the right key it is noise, which may announce so much that
 * both sides would wait for more until their patience ends. `onHeard` is told which of the two it was.
 */
export function hearGreeting(
  connection: MessageStream,
  onHeard: (isGreeting: boolean) => void = () => undefined,
): void {
  if (!isReceiving(connection)) return;
  const receive = connection.onData.bind(connection);
  let heard = Buffer.alloc(0);
  let isDecided = false;
  const decide = (isGreeting: boolean): void => {
    isDecided = true;
    onHeard(isGreeting);
    if (!isGreeting) connection.abort(noGreeting());
  };
  connection.onData = (data) => {
    if (!isDecided) {
      heard = Buffer.concat([heard, data.subarray()]);
      if (!mayBeGreeting(heard)) return decide(false);
      if (heard.length >= GREETING.length) decide(true);
    }
    receive(data);
  };
}

/**
 * The library's protector, which hangs up on who has another key. `onHeard` is told of connections that were dialled.
 */
export function strictProtector(
  protector: ConnectionProtector,
  onHeard: (connection: MessageStream, isGreeting: boolean) => void,
): ConnectionProtector {
  return {
    async protect(connection, options) {
      const open = await protector.protect(connection, options);
      // Who was dialled greets last, who dialled may have done so already.
      if (connection.direction === 'inbound') return greeted(open, options);
      if (open.readBufferLength === 0) {
        hearGreeting(open, (isGreeting) => onHeard(connection, isGreeting));
        return open;
      }
      // It spoke before it was greeted.
      onHeard(connection, false);
      throw hungUp(open);
    },
  };
}

async function greeted(connection: MessageStream, options?: AbortOptions): Promise<MessageStream> {
  const bytes = byteStream(connection);
  let heard = Buffer.alloc(0);
  while (heard.length < GREETING.length) {
    const more = await bytes.read(options);
    if (more) heard = Buffer.concat([heard, more.subarray()]);
    if (more && mayBeGreeting(heard)) continue;
    throw hungUp(connection);
  }
  bytes.unwrap().unshift(heard);
  return connection;
}

function mayBeGreeting(bytes: Buffer): boolean {
  const length = Math.min(bytes.length, GREETING.length);
  return bytes.subarray(0, length).equals(GREETING.subarray(0, length));
}

function hungUp(connection: MessageStream): PeerError {
  const error = noGreeting();
  connection.abort(error);
  return error;
}

function noGreeting(): PeerError {
  return new PeerError('NETWORK_KEY', 'The other side does not begin as a host of this network does');
}

function isReceiving(connection: MessageStream): connection is Receiving {
  return 'onData' in connection;
}
