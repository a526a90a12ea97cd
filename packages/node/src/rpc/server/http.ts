import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Dispatcher } from '../protocol/dispatcher.ts';
import { type AllowedOrigins, isOriginAllowed } from './origins.ts';

export interface HttpInit {
  readonly dispatcher: Dispatcher;
  readonly allowedOrigins: AllowedOrigins;
  readonly maxBytes: number;
}

const HEALTH_REQUEST = JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'system_health', params: [] });

/** JSON-RPC by POST, CORS preflights, and `GET /health` for whoever watches the process. Never rejects. */
export async function serveHttp(
  init: HttpInit,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { origin } = request.headers;
  if (!isOriginAllowed(origin, init.allowedOrigins)) return end(response, 403, 'Origin not allowed');
  if (origin !== undefined) allowOrigin(response, origin);
  if (request.method === 'OPTIONS') return end(response, 204);
  if (request.method === 'GET' && request.url === '/health') return answer(init, HEALTH_REQUEST, response);
  if (request.method !== 'POST') return end(response, 405, 'POST a JSON-RPC request, or open a WebSocket');
  if (!isJson(request)) return end(response, 415, 'The content type must be application/json');
  const body = await readBody(request, init.maxBytes);
  if (body === undefined) return end(response, 413, `A request may have up to ${init.maxBytes} bytes`);
  return answer(init, body, response);
}

async function answer({ dispatcher }: HttpInit, text: string, response: ServerResponse): Promise<void> {
  const reply = await dispatcher.handle(text, undefined);
  if (reply.text === undefined) end(response, 204);
  else {
    response.setHeader('content-type', 'application/json; charset=utf-8');
    end(response, 200, reply.text);
  }
  reply.sent();
}

/** Plain forms can POST text across origins without asking; JSON can't, so nothing else is taken. */
const isJson = (request: IncomingMessage): boolean =>
  /^application\/json\b/i.test(request.headers['content-type'] ?? '');

function allowOrigin(response: ServerResponse, origin: string): void {
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-allow-methods', 'POST, GET, OPTIONS');
  response.setHeader('access-control-allow-headers', 'content-type');
  response.setHeader('vary', 'origin');
}

/** The body as text; undefined when it is too long or the client went away. */
async function readBody(request: IncomingMessage, maxBytes: number): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > maxBytes) return undefined;
      chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks).toString('utf8');
}

function end(response: ServerResponse, status: number, text?: string): void {
  response.statusCode = status;
  response.end(text);
}
