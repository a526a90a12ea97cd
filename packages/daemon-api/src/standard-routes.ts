import { Type } from '@hamster/daemon';
import type { Readable } from 'node:stream';
import type { Registry } from 'prom-client';
import type { ApiApp } from './app.ts';
import type { LiveEvents } from './live-events.ts';
import { proofOf } from './token.ts';

export interface StandardRoutes {
  readonly registry: Registry;
  readonly events: LiveEvents;
  readonly openMetrics: boolean;
  readonly token: string;
}

/** What every daemon's API has. */
export function addStandardRoutes(app: ApiApp, options: StandardRoutes): void {
  const { registry, events, openMetrics, token } = options;
  addHealth(app, token);
  addOpenApi(app);
  addMetrics(app, registry, openMetrics);
  addEvents(app, events);
}

const PROOF =
  'Random. Who answers proves to hold the token: the HMAC-SHA256 under it of `hamster daemon PORT CHALLENGE`, in base64url, with the port that the daemon itself listens on';

const Challenge = Type.Object({
  challenge: Type.Optional(Type.String({ pattern: '^[0-9a-f]{64}$', description: PROOF })),
});
const Health = Type.Object(
  { status: Type.Literal('up'), proof: Type.Optional(Type.String()) },
  { description: 'It answers' },
);

function addHealth(app: ApiApp, token: string): void {
  app.get(
    '/health',
    {
      config: { open: true },
      schema: {
        summary: 'Whether the daemon answers',
        tags: ['daemon'],
        security: [],
        querystring: Challenge,
        response: { 200: Health },
      },
    },
    async ({ query: { challenge }, socket: { localPort } }) => ({
      status: 'up' as const,
      ...(challenge !== undefined &&
        localPort !== undefined && { proof: proofOf(token, challenge, localPort) }),
    }),
  );
}

function addOpenApi(app: ApiApp): void {
  app.get(
    '/openapi.json',
    {
      config: { open: true },
      schema: {
        summary: 'This document',
        tags: ['daemon'],
        security: [],
        response: { 200: Type.Object({}, { additionalProperties: true, description: 'OpenAPI 3.1' }) },
      },
    },
    async () => app.swagger(),
  );
}

function addMetrics(app: ApiApp, registry: Registry, open: boolean): void {
  app.get(
    '/metrics',
    {
      config: { open },
      schema: {
        summary: 'Measurements, as Prometheus reads them',
        tags: ['daemon'],
        produces: ['text/plain'],
        ...(open && { security: [] }),
        response: { 200: Type.String({ description: 'Text in the exposition format' }) },
      },
    },
    async (_, reply) => {
      const text = await registry.metrics();
      return reply.type(registry.contentType).send(text);
    },
  );
}

function addEvents(app: ApiApp, events: LiveEvents): void {
  app.get(
    '/events',
    {
      // Nobody would read the stream, nor end it.
      exposeHeadRoute: false,
      schema: {
        summary: 'Live updates, as server-sent events',
        description:
          'The stream ends when the daemon stops or when the listener reads too slowly. Then connect again and read the state anew.',
        tags: ['daemon'],
        produces: ['text/event-stream'],
        response: {
          200: Type.Unsafe<Readable>({ type: 'string', description: 'Events; the first is `ready`' }),
        },
      },
    },
    async (_, reply) =>
      reply
        .header('content-type', 'text/event-stream')
        .header('cache-control', 'no-store')
        .header('x-accel-buffering', 'no')
        .send(events.listen()),
  );
}
