import { onTestFinished } from 'vitest';
import { start, type Chain, type Client } from 'smoldot';

type Json = Record<string, unknown>;

export interface LightClient {
  readonly chain: Chain;
  readonly client: Client;
  /** Lines of its log at level warn and worse. */
  readonly complaints: readonly string[];
  request(method: string, params: readonly unknown[]): Promise<unknown>;
  /** Everything that was sent without being asked for, from the beginning on. */
  readonly events: readonly Json[];
  stop(): Promise<void>;
}

interface Reply {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
  readonly params?: { readonly result: Json };
}

/** Unmodified smoldot on a chain spec, with a little JSON-RPC around it. */
export async function lightClient(spec: object): Promise<LightClient> {
  const complaints: string[] = [];
  const client = start({
    maxLogLevel: 3,
    logCallback: (level, target, message) => {
      if (level <= 2) complaints.push(`${target}: ${message}`);
    },
  });
  const chain = await client.addChain({ chainSpec: JSON.stringify(spec) });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  const events: Json[] = [];
  let id = 0;

  function receive(reply: Reply): void {
    if (reply.id === undefined) {
      if (reply.params) events.push(reply.params.result);
      return;
    }
    const request = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (reply.error) request?.reject(new RangeError(reply.error.message));
    else request?.resolve(reply.result);
  }

  const reading = (async () => {
    for await (const text of chain.jsonRpcResponses) receive(JSON.parse(text) as Reply);
  })();

  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    await client.terminate();
    await reading.catch(() => undefined);
  };
  onTestFinished(() => (stopped ??= stop()));
  return {
    chain,
    client,
    complaints,
    events,
    request(method, params) {
      const request = Promise.withResolvers<unknown>();
      waiting.set(++id, request);
      chain.sendJsonRpc(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
      return request.promise;
    },
    stop: () => (stopped ??= stop()),
  };
}
