import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Backend } from '../../backend.ts';
import { BlockFeed } from '../block-feed.ts';
import { DEFAULT_LIMITS, type NodeIdentity, type RpcLimits, type RpcLog } from '../context.ts';
import { methodTable } from '../methods/index.ts';
import { Dispatcher } from '../protocol/dispatcher.ts';
import { Connection, type ConnectionInit } from './connection.ts';
import { listenError } from './errors.ts';
import { serveHttp } from './http.ts';
import { type AllowedOrigins, isOriginAllowed } from './origins.ts';

export interface RpcServerOptions {
  /** 127.0.0.1 unless the operator wants the world to reach the node. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly allowedOrigins: AllowedOrigins;
  readonly allowUnsafe: boolean;
  readonly limits?: Partial<RpcLimits>;
}

export interface RpcServerModules {
  readonly backend: Backend;
  readonly identity: NodeIdentity;
  readonly log: RpcLog;
}

export interface RpcServer {
  readonly host: string;
  readonly port: number;
  /** Open WebSocket connections. */
  connections(): number;
  /** Listeners on the node's blocks, one for each subscription that follows them. */
  subscriptions(): number;
  /** Closes the port, says goodbye to all clients, and drops those that do not answer within a second. */
  close(): Promise<void>;
}

const PING_INTERVAL_MS = 30_000;
const GOODBYE_MS = 1_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** Sockets for POST requests beside the WebSockets. */
const HTTP_CONNECTIONS = 64;

/** JSON-RPC over WebSocket and HTTP POST on one port. Throws `RpcListenError` when it can't listen. */
export async function startRpcServer(
  options: RpcServerOptions,
  modules: RpcServerModules,
): Promise<RpcServer> {
  const { backend, identity, log } = modules;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const feed = new BlockFeed(backend, log);
  const dispatcher = new Dispatcher({
    methods: methodTable(backend),
    allowUnsafe: options.allowUnsafe,
    context: { backend, feed, identity, limits, log },
  });
  const { allowedOrigins } = options;
  const http = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
    void serveHttp({ dispatcher, allowedOrigins, maxBytes: limits.requestBytes }, request, response);
  });
  http.maxConnections = limits.connections + HTTP_CONNECTIONS;
  const clients = acceptWebSockets(http, { dispatcher, limits, log, allowedOrigins });
  try {
    await listen(http, options);
  } catch (error) {
    feed.close();
    clients.stop();
    throw listenError(error as NodeJS.ErrnoException, options.host, options.port);
  }
  http.on('error', (error) => log.error({ err: error }, 'The RPC port failed'));
  const { address, port } = http.address() as AddressInfo;
  return {
    host: address,
    port,
    connections: () => clients.open.size,
    subscriptions: () => feed.listenerCount,
    close: async () => {
      feed.close();
      await closeAll(http, clients);
    },
  };
}

interface Clients {
  readonly open: ReadonlySet<Connection>;
  stop(): void;
}

interface AcceptInit extends ConnectionInit {
  readonly allowedOrigins: AllowedOrigins;
}

function acceptWebSockets(http: Server, init: AcceptInit): Clients {
  const { limits, allowedOrigins } = init;
  const open = new Set<Connection>();
  const upgrades = new WebSocketServer({ noServer: true, maxPayload: limits.requestBytes });
  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (!isOriginAllowed(request.headers.origin, allowedOrigins)) return refuse(socket, '403 Forbidden');
    if (open.size >= limits.connections) return refuse(socket, '503 Service Unavailable');
    upgrades.handleUpgrade(request, socket, head, (webSocket) => {
      const connection = new Connection(webSocket, init);
      open.add(connection);
      webSocket.on('close', () => open.delete(connection));
    });
  });
  const pings = setInterval(() => {
    for (const connection of open) connection.checkAlive();
  }, PING_INTERVAL_MS);
  pings.unref();
  return { open, stop: () => clearInterval(pings) };
}

function refuse(socket: Duplex, status: string): void {
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function listen(http: Server, { host, port }: RpcServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', reject);
    http.listen({ host, port }, () => {
      http.off('error', reject);
      resolve();
    });
  });
}

async function closeAll(http: Server, clients: Clients): Promise<void> {
  clients.stop();
  const closed = new Promise<void>((resolve) => void http.close(() => resolve()));
  for (const connection of clients.open) connection.close();
  const deadline = setTimeout(() => {
    for (const connection of clients.open) connection.terminate();
    http.closeAllConnections();
  }, GOODBYE_MS);
  http.closeIdleConnections();
  await closed;
  clearTimeout(deadline);
}
