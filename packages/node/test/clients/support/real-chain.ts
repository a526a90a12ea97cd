import { createRuntime, PRESETS } from '@hamster/runtime';
import { codeEntries } from '@hamster/runtime-wasm';
import { startNode, type Node, type NodeOptions } from '../../../src/index.ts';
import { ALICE } from '../../core/dev-keys.ts';
import type { TestClient } from '../../rpc/support/client.ts';
import { serve, type TestServer } from '../../rpc/support/server.ts';

/** The development chain and the server of a node, in this process: what it puts on the wire is what a process would. */
export interface RealChain {
  readonly node: Node;
  readonly server: TestServer;
  readonly url: string;
  readonly port: number;
  connect(): Promise<TestClient>;
  stop(): Promise<void>;
}

const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore };

export async function startRealChain(
  slotDuration: number,
  options: Partial<NodeOptions> = {},
): Promise<RealChain> {
  const node = await startNode(
    {
      chainSpec: specOf(slotDuration),
      keys: ALICE,
      signatureWorkers: 1,
      logger: silent,
      temporary: true,
      ...options,
    },
    { runtime: createRuntime({ slotDuration: BigInt(slotDuration), code: codeEntries }) },
  );
  const server = await serve(node.backend, { allowUnsafe: true });
  const { port } = server.server;
  return {
    node,
    server,
    url: `ws://127.0.0.1:${port}`,
    port,
    connect: () => server.connect(),
    async stop() {
      await server.stop();
      await node.close();
    },
  };
}

const specOf = (slotDuration: number) => ({
  name: 'Hamster Development',
  id: 'hamster-dev',
  chainType: 'Development' as const,
  properties: { ss58Format: 42, tokenDecimals: 12, tokenSymbol: 'HAM' },
  genesis: { ...PRESETS.dev, aura: { ...(PRESETS.dev['aura'] as object), slotDuration } },
});

function ignore(): void {
  // Nobody reads it.
}
