import { DaemonError, type DaemonContext, type Logger } from '@hamster/daemon';
import {
  startNode,
  startRpcServer,
  type ChainSpec,
  type Node,
  type NodeIdentity,
  type NodeOptions,
} from '@hamster/node';
import { createRuntime } from '@hamster/runtime';
import { bannerText } from './banner.ts';
import { chainSpecOf } from './chain-specs.ts';
import type { nodeConfig } from './config.ts';
import type { Settings } from './settings.ts';

/** What clients are told to expect of a chain whose blocks are made by hand. */
const DEFAULT_BLOCK_TIME_MS = 1000;

type Properties = (typeof nodeConfig)['schema']['properties'];

type Context = Pick<DaemonContext<Properties>, 'config' | 'log' | 'lifecycle'>;

/** The composition root of hamster-node: the chain first, then the port through which it is reached. */
export async function compose(context: Context, settings: Settings, version: string): Promise<void> {
  const { config, log, lifecycle } = context;
  const chainSpec = await chainSpecOf(settings.chain);
  const { backend } = await lifecycle.start({
    name: 'chain',
    start: () => openNode(chainSpec, settings, log),
    stop: (node) => node.close(),
  });
  const { maxConnections, ...rpc } = settings.rpc;
  const { host, port } = await lifecycle.start({
    name: 'rpc',
    start: () =>
      startRpcServer(
        { ...rpc, limits: { connections: maxConnections } },
        { backend, identity: identityOf(version), log },
      ),
    stop: (server) => server.close(),
  });
  const { name: chain, chainType } = chainSpec;
  const { genesisHash } = backend;
  log.info({ chain, genesisHash, host, port }, 'listening');
  if (config.logJson) return;
  const { basePath: place, blockTimeMs } = settings;
  const best = backend.best().number;
  process.stdout.write(bannerText({ chain, chainType, genesisHash, best, place, blockTimeMs, host, port }));
}

async function openNode(chainSpec: ChainSpec, settings: Settings, log: Logger): Promise<Node> {
  const runtime = createRuntime({
    slotDuration: BigInt(settings.blockTimeMs ?? DEFAULT_BLOCK_TIME_MS),
    report: ({ where, error }) =>
      log.error({ err: error, where }, 'A rule failed; the chain goes on without it'),
  });
  try {
    return await startNode({ chainSpec, ...nodeOptionsOf(settings), logger: log }, { runtime });
  } catch (error) {
    throw settings.basePath !== undefined && isSystemError(error)
      ? unusablePlace(settings.basePath, error)
      : error;
  }
}

const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error;

function unusablePlace(basePath: string, cause: NodeJS.ErrnoException): DaemonError {
  const message = `Cannot keep the chain in ${basePath} (${cause.message}). Choose a directory that you may write to with --base-path.`;
  return new DaemonError('BASE_PATH_UNUSABLE', message, { cause });
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
