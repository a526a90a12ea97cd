import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Turns } from '../../turns.ts';
import type { Dispatcher } from '../protocol/dispatcher.ts';
import type { Asker, WhenAnswered } from '../protocol/exchange.ts';
import { messageIn } from '../protocol/request.ts';
import { readBody } from './body.ts';
import { type Gate, refusal } from './gate.ts';
import type { HttpHolders } from './http-holders.ts';
import type { Pipelines } from './pipelines.ts';

export interface HttpInit {
  /** Requests of one socket that may wait for their answers. */
  readonly pipelines: Pipelines;
  /** What is kept of them meanwhile. */
  readonly holders: HttpHolders;
  readonly dispatcher: Dispatcher;
  /** In which requests are answered. */
  readonly turns: Turns;
  readonly gate: Gate;
  readonly maxBytes: number;
}

const HEALTH_REQUEST = Buffer.from('{"jsonrpc":"2.0","id":0,"method":"system_health","params":[]}');
const JSON_TYPE = 'application/json; charset=utf-8';

/** JSON-RPC by POST, CORS preflights, and `GET /health` for whoever watches the process. Never rejects. */
export async function serveHttp(
  init: HttpInit,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!init.pipelines.admits(request.socket, response)) return;
  const { origin } = request.headers;
  const refused = refusal(request.headers, init.gate);
  if (refused !== undefined) return end(response, 403, refused);
  if (origin !== undefined) allowOrigin(response, origin);
  if (request.method === 'OPTIONS') return end(response, 204);
  if (request.method === 'GET') {
    // What is asked behind the path does not matter, as with Substrate.
    const [path] = request.url?.split('?', 1) ?? [];
    if (path === '/health') return answerHealth(init, request, response);
    if (path === '/health/readiness') return answerReadiness(init, request, response);
  }
  if (request.method !== 'POST') {
    return end(response, 405, 'Used HTTP Method is not allowed. POST is required\n');
  }
  if (!isJson(request)) {
    return end(
      response,
      415,
      'Supplied content type is not allowed. Content-Type: application/json is required\n',
    );
  }
  return answer(init, request, response);
}

async function answer(init: HttpInit, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { dispatcher, holders, maxBytes } = init;
  const body = await readBody(request, maxBytes, (bytes) => holders.grew(bytes));
  if (body === 'gone') return;
  if (body === 'too large') return endJson(response, 413, dispatcher.refuseTooLarge());
  if (!holders.admits(response, body.length)) return;
  const answered: WhenAnswered = (text, message) => {
    // What holds nothing but notifications has no answer, and is acknowledged.
    endJson(response, messageIn(body) ? 200 : 400, text);
    holders.grew(text?.length ?? 0);
    message.sent();
  };
  dispatcher.handle(body, askerOf(init, request), answered);
}

/** What comes on one socket takes turns with what comes on others. */
const askerOf = ({ turns, holders }: HttpInit, { socket }: IncomingMessage): Asker => ({
  session: undefined,
  inTurn: (task) => turns.add(socket, task),
  keeps: (bytes) => holders.keeps(socket, bytes),
});

interface Health {
  readonly peers: number;
  readonly isSyncing: boolean;
  readonly shouldHavePeers: boolean;
}

async function healthOf(init: HttpInit, request: IncomingMessage): Promise<Health | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  init.dispatcher.handle(HEALTH_REQUEST, askerOf(init, request), resolve);
  return (JSON.parse((await promise) ?? '{}') as { readonly result?: Health }).result;
}

/** The bare health, without the frame of a JSON-RPC answer, as Substrate gives it. */
async function answerHealth(
  init: HttpInit,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const health = await healthOf(init, request);
  endJson(response, health ? 200 : 500, JSON.stringify(health ?? null));
}

/** For balancers, which look at the status only: 500 while the node catches up, or misses the peers that it should have. */
async function answerReadiness(
  init: HttpInit,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const health = await healthOf(init, request);
  const isReady = health && ((!health.isSyncing && health.peers > 0) || !health.shouldHavePeers);
  endJson(response, isReady ? 200 : 500);
}

/** Plain forms can POST text across origins without asking; JSON can't, so nothing else is taken. */
const isJson = (request: IncomingMessage): boolean =>
  /^application\/json(-rpc)?\s*(;|$)/i.test(request.headers['content-type'] ?? '');

function allowOrigin(response: ServerResponse, origin: string): void {
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-allow-methods', 'POST, GET, OPTIONS');
  response.setHeader('access-control-allow-headers', 'content-type');
  response.setHeader('vary', 'origin');
}

function endJson(response: ServerResponse, status: number, text?: string): void {
  response.setHeader('content-type', JSON_TYPE);
  end(response, status, text);
}

function end(response: ServerResponse, status: number, text?: string): void {
  response.statusCode = status;
  if (!response.hasHeader('content-type')) response.setHeader('content-type', 'text/plain');
  response.end(text);
}
