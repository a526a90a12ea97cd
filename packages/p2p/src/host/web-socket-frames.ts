import type { EventEmitter } from 'node:events';
import type { Listener, Transport } from '@libp2p/interface';
import { PeerError } from '../errors.ts';

/** Of one frame, in bytes: more than any peer sends at once. The library's own bound would let every stranger fill 100 MiB of memory. */
const MAX_FRAME = 2 * 2 ** 20;

interface WebSocketListener extends Listener {
  onWsServerConnection(socket: EventEmitter & { terminate(): void }, request: unknown): void;
  readonly wsServer: { readonly options: { maxPayload: number } };
}

/**
 * Hangs up on those who send what is no WebSocket frame, or a very long one. The library listens to no errors of the WebSockets that it
 * accepts, and one that nobody listens to ends the process: a single byte of a stranger would.
 */
export function boundFrames(transport: Transport): Transport {
  const create = transport.createListener.bind(transport);
  transport.createListener = (options) => {
    const listener = create(options);
    if (!isWebSocketListener(listener)) throw libraryChanged();
    listener.wsServer.options.maxPayload = MAX_FRAME;
    const accept = listener.onWsServerConnection.bind(listener);
    listener.onWsServerConnection = (socket, request) => {
      socket.on('error', () => socket.terminate());
      accept(socket, request);
    };
    return listener;
  };
  return transport;
}

function isWebSocketListener(listener: Listener): listener is WebSocketListener {
  const { onWsServerConnection, wsServer } = listener as Partial<WebSocketListener>;
  return typeof onWsServerConnection === 'function' && wsServer?.options !== undefined;
}

export const libraryChanged = (): PeerError =>
  new PeerError(
    'LIBRARY_CHANGED',
    'The WebSocket listeners of this libp2p have other insides; use the pinned version',
  );
