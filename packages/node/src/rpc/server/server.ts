import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Backend } from '../../backend.ts';
import { BlockFeed } from '../block-feed.ts';
import { type CallObserver, CallObservers } from '../call-observers.ts';
import {
  DEFAULT_LIMITS,
  type LogFilter,
  type NodeIdentity,
  type RpcLimits,
  type RpcLog,
} from '../context.ts';
import { Turns } from '../../turns.ts';
import { methodTable } from '../methods/index.ts';
import { Dispatcher } from '../protocol/dispatcher.ts';
import { Connection, type ConnectionInit } from './connection.ts';
import { Connections } from './connections.ts';
import { listenError } from './errors.ts';
import { listenBySix } from './listen-by-six.ts';
import { HeldBytes } from './held-bytes.ts';
import { HttpHolders } from './http-holders.ts';
import { type AllowedOrigins, type Gate, isLoopback, refusal } from './gate.ts';
import { serveHttp } from './http.ts';
import { boundSockets } from './bound-sockets.ts';
import { Pipelines } from './pipelines.ts';

export interface RpcServerOptions {
  /** 127.0.0.1 unless the operator wants the world to reach the node. With it, and with 0.0.0.0, goes the same of IPv6. */
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
  /** Lets the operator change how much is logged. */
  readonly logFilter?: LogFilter;
}

export interface RpcServer {
  readonly host: string;
  readonly port: number;
  /** Open WebSocket connections. */
  connections(): number;
  /** WebSocket connections that there have been so far, those that are open among them. */
  sessions(): number;
  /** Tells of each call of a method. Returns the removal. */
  onCall(observer: CallObserver): () => void;
  /** Listeners on the node's blocks, one for each subscription that follows them. */
  subscriptions(): number;
  /** Closes the port, says goodbye to all clients, and drops those that do not answer within a second. */
  close(): Promise<void>;
}

const GOODBYE_MS = 1_000;
/** For clients that open a connection and then say nothing, or only a little at a time. */
const TIMEOUTS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
} as const;
/** A message up to so many times the longest request is answered with an error; a longer one ends the connection. */
const OVERSIZED = 2;
/** Pieces of one message, and reads of one piece: each costs more than the byte that may be in it. */
const PIECES = { maxFragments: 4096, maxBufferedChunks: 16_384 } as const;
/** Sockets for POST requests beside the WebSockets. */
const HTTP_CONNECTIONS = 64;
/** Of these, for one address: whoever opens them all and says nothing must not keep everybody else out. */
const HTTP_PER_ADDRESS = 16;

/** JSON-RPC over WebSocket and HTTP POST on one port. Throws `RpcListenError` when it can't listen. */
export async function startRpcServer(
  options: RpcServerOptions,
  modules: RpcServerModules,
): Promise<RpcServer> {
  const { backend, identity, log, logFilter } = modules;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const turns = new Turns();
  const feed = new BlockFeed(backend, log, turns);
  const calls = new CallObservers();
  const dispatcher = new Dispatcher({
    methods: methodTable(modules),
    calls,
    allowUnsafe: options.allowUnsafe,
    context: { backend, feed, identity, limits, log, logFilter },
  });
  const { allowedOrigins, allowUnsafe, host } = options;
  const localOnly = host === 'localhost' || isLoopback(host);
  const gate = { allowedOrigins, localOnly, isPublic: !localOnly && !allowUnsafe };
  const pipelines = new Pipelines(limits.pipelinedRequests);
  const held = new HeldBytes(limits, log);
  const holders = new HttpHolders(held, limits);
  const posts = { dispatcher, turns, pipelines, holders, gate, maxBytes: limits.requestBytes };
  const http = createServer({ ...TIMEOUTS, shouldUpgradeCallback: isWebSocket }, (request, response) => {
    holders.watch(response);
    void serveHttp(posts, request, response);
  });
  // Nothing more is begun for who is gone.
  http.on('connection', (socket) => socket.once('close', () => turns.forget(socket)));
  http.on('upgrade', ({ socket }) => holders.forget(socket));
  http.maxConnections = limits.connections + HTTP_CONNECTIONS;
  boundSockets(http, limits.connectionsPerAddress + HTTP_PER_ADDRESS);
  const clients = acceptWebSockets(http, { dispatcher, turns, limits, log, gate, held });
  try {
    await listen(http, options);
  } catch (error) {
    feed.close();
    clients.stop();
    throw listenError(error as NodeJS.ErrnoException, options.host, options.port);
  }
  http.on('error', (error) => log.error({ err: error }, 'The RPC port failed'));
  const { address, port } = http.address() as AddressInfo;
  const closeSix = await listenBySix(http, address, port);
  return {
    host: address,
    port,
    connections: () => clients.open.size,
    sessions: () => clients.open.opened,
    onCall: (observer) => calls.add(observer),
    subscriptions: () => feed.listenerCount,
    close: async () => {
      feed.close();
      await Promise.all([closeAll(http, clients), closeSix()]);
      dispatcher.close();
    },
  };
}

/** Other offers, such as HTTP/2 by Java's client, are passed over: the request is answered as it is. */
const isWebSocket = ({ headers }: IncomingMessage): boolean => headers.upgrade?.toLowerCase() === 'websocket';

interface Clients {
  readonly open: Connections;
  stop(): void;
}

interface AcceptInit extends ConnectionInit {
  readonly gate: Gate;
}

function acceptWebSockets(http: Server, init: AcceptInit): Clients {
  const { limits, gate, held } = init;
  const open = new Connections(limits);
  const maxPayload = limits.requestBytes * OVERSIZED;
  const upgrades = new WebSocketServer({ noServer: true, maxPayload, ...PIECES });
  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refused = refusal(request.headers, gate);
    if (refused !== undefined) return refuse(socket, '403 Forbidden', refused);
    const { remoteAddress = '' } = request.socket;
    const full = open.refusal(remoteAddress);
    if (full !== undefined) return refuse(socket, '429 Too Many Requests', full);
    upgrades.handleUpgrade(request, socket, head, (webSocket) => {
      const connection = new Connection(webSocket, socket, init);
      const gone = open.add(connection, remoteAddress);
      webSocket.on('close', gone);
      webSocket.on('close', held.add(connection));
    });
  });
  const pings = setInterval(() => {
    for (const connection of open.all()) connection.checkAlive();
  }, limits.pingMs);
  pings.unref();
  return { open, stop: () => clearInterval(pings) };
}

function refuse(socket: Duplex, status: string, why: string): void {
  socket.on('error', () => socket.destroy());
  const headers = [
    `HTTP/1.1 ${status}`,
    'Connection: close',
    'Content-Type: text/plain',
    `Content-Length: ${why.length}`,
  ];
  socket.end(`${headers.join('\r\n')}\r\n\r\n${why}`);
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
  for (const connection of clients.open.all()) connection.close();
  const deadline = setTimeout(() => {
    for (const connection of clients.open.all()) connection.terminate();
    http.closeAllConnections();
  }, GOODBYE_MS);
  http.closeIdleConnections();
  await closed;
  clearTimeout(deadline);
}
