import type { Transport } from '@libp2p/interface';
import { webSockets, type WebSocketsComponents, type WebSocketsInit } from '@libp2p/websockets';
import { boundFrames } from './web-socket-frames.ts';
import { boundOpening } from './web-socket-opening.ts';

/** The library's WebSockets, whose listeners bound what strangers may do to the host. For its list of transports. */
export const boundedWebSockets =
  (init?: WebSocketsInit) =>
  (components: WebSocketsComponents): Transport =>
    boundFrames(boundOpening(webSockets(init)(components)));
