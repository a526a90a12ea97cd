import { DaemonError, type DaemonContext, type Logger } from '@hamster/daemon';
import {
  startNode,
  startRpcServer,
  type ChainSpec,
  type ConsensusKeys,
  type Node,
  type NodeOptions,
} from '@hamster/node';
import { createRuntime } from '@hamster/runtime';
import { bannerText, type BlockSource } from './banner.ts';
import { chainSpecOf, slotDurationOf } from './chain-specs.ts';
import type { nodeConfig } from './config.ts';
import { keysOf } from './keys.ts';
import { identityOf, joinNetwork } from './peers.ts';
import type { Settings } from './settings.ts';

type Properties = (typeof nodeConfig)['schema']['properties'];

type Context = Pick<DaemonContext<Properties>, 'config' | 'log' | 'lifecycle'>;

/** The composition root of hamster-node: the chain first, then the port through which it is reached. */
export async function compose(context: Context, settings: Settings, version: string): Promise<void> {
  const { config, log, lifecycle } = context;
  const chainSpec = await chainSpecOf(settings.chain, settings.blockTimeMs);
  const keys = await keysOf(chainSpec, settings);
  const node = await lifecycle.start({
    name: 'chain',
    start: () => openNode({ chainSpec, keys, settings, log }),
    stop: (opened) => opened.close(),
  });
  const role = keys.authors.length > 0 ? 'authority' : 'full';
  const network = await joinNetwork(lifecycle, { ...settings, node, role, version, log });
  const { backend } = node;
  const { maxConnections, ...rpc } = settings.rpc;
  const { host, port } = await lifecycle.start({
    name: 'rpc',
    start: () =>
      startRpcServer(
        { ...rpc, limits: { connections: maxConnections } },
        { backend, identity: identityOf({ version, role, network }), log },
      ),
    stop: (server) => server.close(),
  });
  const { name: chain, chainType } = chainSpec;
  const { genesisHash } = backend;
  log.info({ chain, genesisHash, host, port }, 'listening');
  if (config.logJson) return;
  const { basePath: place } = settings;
  const blocks = sourceOf(chainSpec, settings, keys);
  const best = backend.best().number;
  process.stdout.write(bannerText({ chain, chainType, genesisHash, best, place, blocks, host, port }));
}

function sourceOf(spec: ChainSpec, { manualSeal }: Settings, { authors }: ConsensusKeys): BlockSource {
  if (manualSeal) return 'demand';
  return authors.length > 0 ? { everyMs: slotDurationOf(spec) } : 'others';
}

interface NodeParts {
  readonly chainSpec: ChainSpec;
  readonly keys: ConsensusKeys;
  readonly settings: Settings;
  readonly log: Logger;
}

async function openNode({ chainSpec, keys, settings, log }: NodeParts): Promise<Node> {
  const runtime = createRuntime({
    slotDuration: BigInt(slotDurationOf(chainSpec)),
    report: ({ where, error }) =>
      log.error({ err: error, where }, 'A rule failed; the chain goes on without it'),
  });
  try {
    return await startNode({ chainSpec, keys, ...nodeOptionsOf(settings), logger: log }, { runtime });
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

type NodePart = 'basePath' | 'temporary' | 'manualSeal' | 'pruning';

function nodeOptionsOf({ basePath, manualSeal, pruning }: Settings): Pick<NodeOptions, NodePart> {
  return {
    ...(basePath === undefined ? { temporary: true } : { basePath }),
    manualSeal,
    pruning: pruning ?? 'archive',
  };
}
