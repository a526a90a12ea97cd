import type { DaemonContext } from '@hamster/daemon';
import { startNode, startRpcServer, type NodeIdentity, type NodeOptions } from '@hamster/node';
import { createRuntime } from '@hamster/runtime';
import { bannerText } from './banner.ts';
import { chainSpecOf } from './chain-specs.ts';
import type { nodeConfig } from './config.ts';
import type { Settings } from './settings.ts';

/** What clients are told to expect of a chain whose blocks are made by hand. */
const DEFAULT_BLOCK_TIME_MS = 1000;

type Properties = (typeof nodeConfig)['schema']['properties'];

/** The composition root of hamster-node: the chain first, then the port through which it is reached. */
export async function compose(
  { config, log, lifecycle }: Pick<DaemonContext<Properties>, 'config' | 'log' | 'lifecycle'>,
  settings: Settings,
  version: string,
): Promise<void> {
  const chainSpec = await chainSpecOf(settings.chain);
  const runtime = createRuntime({
    minimumPeriod: BigInt(Math.floor((settings.blockTimeMs ?? DEFAULT_BLOCK_TIME_MS) / 2)),
    report: ({ where, error }) =>
      log.error({ err: error, where }, 'A rule failed; the chain goes on without it'),
  });
  const node = await lifecycle.start({
    name: 'chain',
    start: () => startNode({ chainSpec, ...nodeOptionsOf(settings), logger: log }, { runtime }),
    stop: (running) => running.close(),
  });
  const { backend } = node;
  const { rpc } = settings;
  const server = await lifecycle.start({
    name: 'rpc',
    start: () =>
      startRpcServer(
        { ...rpc, limits: { connections: rpc.maxConnections } },
        { backend, identity: identityOf(version), log },
      ),
    stop: (running) => running.close(),
  });
  const { host, port } = server;
  const { genesisHash } = backend;
  log.info({ chain: chainSpec.name, genesisHash, host, port }, 'listening');
  if (config.logJson) return;
  process.stdout.write(
    bannerText({
      chain: chainSpec.name,
      chainType: chainSpec.chainType,
      genesisHash,
      best: backend.best().number,
      place: settings.basePath,
      blockTimeMs: settings.blockTimeMs,
      host,
      port,
    }),
  );
}

type NodePart = 'basePath' | 'temporary' | 'blockTime' | 'manualSeal' | 'pruning';

function nodeOptionsOf({ basePath, blockTimeMs, pruning }: Settings): Pick<NodeOptions, NodePart> {
  return {
    ...(basePath === undefined ? { temporary: true } : { basePath }),
    ...(blockTimeMs === undefined ? { manualSeal: true } : { blockTime: blockTimeMs }),
    pruning: pruning ?? 'archive',
  };
}

/** One node alone, for now: it has no peers, and so no identity among them. */
const identityOf = (version: string): NodeIdentity => ({
  name: 'Hamster Node',
  version,
  roles: ['Authority'],
  peerId: '',
  listenAddresses: [],
});
