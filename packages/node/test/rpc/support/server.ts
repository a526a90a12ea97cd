import type { Backend } from '../../../src/backend.ts';
import { startRpcServer, type RpcServer, type RpcServerOptions } from '../../../src/rpc/index.ts';
import type { LogFilter, NetworkView } from '../../../src/rpc/context.ts';
import { TestClient } from './client.ts';
import { FakeBackend } from './fake-backend.ts';

export const IDENTITY = {
  name: 'Hamster Node',
  version: '0.1.0',
  roles: ['Authority'],
  peerId: '',
  listenAddresses: [],
} as const;

/** What the server logged: a test that expects no fault asserts that it stays empty. */
export interface TestServer {
  readonly server: RpcServer;
  readonly faults: unknown[];
  connect(headers?: Record<string, string>): Promise<TestClient>;
  stop(): Promise<void>;
}

export async function serve(
  backend: Backend = new FakeBackend(),
  options: Partial<RpcServerOptions> = {},
  { network, logFilter }: { network?: NetworkView; logFilter?: LogFilter } = {},
): Promise<TestServer> {
  const faults: unknown[] = [];
  const limits = { finalityDelayMs: 0, ...options.limits };
  const record = (details: object): void => void faults.push(details);
  const server = await startRpcServer(
    { host: '127.0.0.1', port: 0, allowedOrigins: [], allowUnsafe: false, ...options, limits },
    {
      backend,
      identity: { ...IDENTITY, ...(network && { network }) },
      log: { warn: record, error: record },
      ...(logFilter && { logFilter }),
    },
  );
  const clients: TestClient[] = [];
  return {
    server,
    faults,
    async connect(headers) {
      const client = await TestClient.connect(server.port, headers);
      clients.push(client);
      return client;
    },
    async stop() {
      for (const client of clients) client.socket.terminate();
      await server.close();
    },
  };
}
