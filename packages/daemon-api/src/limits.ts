/** What one API lets its callers take. */
export interface ApiLimits {
  /** Open connections; further ones are closed at once. */
  readonly connections: number;
  /** Of one caller; all who hold the token count as one. */
  readonly requestsPerMinute: number;
  /** Callers whose rate is remembered; the oldest is forgotten first. */
  readonly rateEntries: number;
  readonly bodyBytes: number;
  /** For the whole of a request to come in, in ms. */
  readonly requestMs: number;
}

const DEFAULTS: ApiLimits = {
  connections: 64,
  requestsPerMinute: 600,
  rateEntries: 1_000,
  bodyBytes: 64 * 1024,
  requestMs: 15_000,
};

const MAX_HEADER_BYTES = 8 * 1024;
const IDLE_MS = 10_000;
const SWEEP_MS = 5_000;

/** The limits, and the options of fastify that keep them. */
export function limitsOf(chosen: Partial<ApiLimits> = {}) {
  const limits = { ...DEFAULTS, ...chosen };
  return {
    ...limits,
    fastify: {
      bodyLimit: limits.bodyBytes,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: IDLE_MS,
      forceCloseConnections: 'idle' as const,
      http: {
        maxHeaderSize: MAX_HEADER_BYTES,
        headersTimeout: limits.requestMs,
        connectionsCheckingInterval: Math.min(SWEEP_MS, limits.requestMs),
        // A request without a host is refused as one for a foreign host, in the same words.
        requireHostHeader: false,
      },
    },
  };
}
