import cors from '@fastify/cors';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { Logger } from '@hamster/daemon';
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
} from 'fastify';
import type { Registry } from 'prom-client';
import { answerOf, ApiError, notFound, REFUSAL } from './errors.ts';
import { Guard, type GuardOptions } from './guard.ts';
import { watchConnections } from './idle-connections.ts';
import { limitsOf, type ApiLimits } from './limits.ts';
import type { LiveEvents } from './live-events.ts';
import { measureRequests } from './metrics.ts';
import { addStandardRoutes } from './standard-routes.ts';
import { refuseUnreadable, unreadablePath } from './unreadable.ts';
import { compileValidator } from './validation.ts';

/** Where routes are added: schemas by TypeBox give validation, serialisation, types and the OpenAPI document. */
export type ApiApp = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** What the OpenAPI document says of the whole. */
export interface ApiInfo {
  readonly title: string;
  readonly description: string;
  readonly version: string;
}

export interface AppOptions extends GuardOptions {
  readonly info: ApiInfo;
  readonly log: Logger;
  readonly registry: Registry;
  readonly events: LiveEvents;
  readonly openMetrics: boolean;
  readonly limits?: Partial<ApiLimits>;
  /** Adds the daemon's own routes. */
  routes(app: ApiApp): void;
}

/** The server with everything but a port. Each request passes host, origin, rate and token, in this order. */
export async function createApp(options: AppOptions): Promise<ApiApp> {
  const { log, registry, events } = options;
  const limits = limitsOf(options.limits);
  const guard = new Guard(options);
  const app: ApiApp = fastify({
    ...limits.fastify,
    clientErrorHandler: refuseUnreadable,
    frameworkErrors(_, request, reply) {
      const { status, body } = answerOf(foreignOr(unreadablePath(), guard, request), log);
      void (reply as unknown as FastifyReply).status(status).send(body);
    },
  })
    .withTypeProvider<TypeBoxTypeProvider>()
    .setValidatorCompiler(compileValidator);
  app.server.maxConnections = limits.connections;
  // Fastify's own: it would let a text through where no body is asked for.
  app.removeContentTypeParser('text/plain');
  app.setErrorHandler((error, _, reply) => {
    const { status, body } = answerOf(error, log);
    return reply.status(status).send(body);
  });
  app.setNotFoundHandler(({ method, url }) => Promise.reject(notFound(method, url)));
  const endIdle = watchConnections(app.server);
  app.addHook('preClose', async () => {
    events.close();
    endIdle();
  });
  app.addHook('onRoute', ({ schema }) => {
    if (schema) schema.response = { '4xx': REFUSAL, '5xx': REFUSAL, ...(schema.response as object) };
  });
  measureRequests(app as unknown as FastifyInstance, registry, events);
  await addGuards(app, { guard, ...options }, limits);
  await addDocument(app, options.info);
  addStandardRoutes(app, options);
  options.routes(app);
  await app.ready();
  return app;
}

/** Who may not call at all is told so, and nothing else. */
function foreignOr(error: ApiError, guard: Guard, request: FastifyRequest): unknown {
  try {
    guard.checkOrigin(request);
    return error;
  } catch (foreign) {
    return foreign;
  }
}

interface Guarded extends GuardOptions {
  readonly guard: Guard;
}

async function addGuards(app: ApiApp, { guard, origins }: Guarded, limits: ApiLimits): Promise<void> {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-content-type-options', 'nosniff').header('cache-control', 'no-store');
    guard.checkOrigin(request);
    // Browsers ask this before a page of the internet may speak to this computer; only pages that may call get here.
    if (request.headers['access-control-request-private-network'] === 'true')
      reply.header('access-control-allow-private-network', 'true');
  });
  await app.register(cors, {
    origin: [...origins],
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type'],
    maxAge: 600,
    strictPreflight: false,
  });
  await app.register(rateLimit, {
    global: false,
    max: limits.requestsPerMinute,
    timeWindow: 60_000,
    cache: limits.rateEntries,
    // Whoever has the token is not kept out by those who guess.
    keyGenerator: (request) => (guard.holdsToken(request) ? 'holder' : request.ip),
    errorResponseBuilder: (_, { after }) =>
      new ApiError(429, 'TOO_MANY_REQUESTS', `Too many requests. Wait ${after}, then try again.`),
  });
  app.addHook('onRequest', app.rateLimit());
  app.addHook('onRequest', async (request) => guard.checkToken(request));
}

async function addDocument(app: ApiApp, info: ApiInfo): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { ...info },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{ token: [] }],
    },
  });
}
