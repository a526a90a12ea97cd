import type { DaemonContext } from '@hamster/daemon';
import { startRpcServer, type ConsensusKeys, type LogFilter } from '@hamster/node';
import { bannerText, type BlockSource } from './banner.ts';
import type { nodeConfig } from './config.ts';
import { keysOf } from './keys/keys-of.ts';
import { openNode } from './open-node.ts';
import { authorDuty } from './author-duty.ts';
import { onChain, requireAddresses } from './network-settings.ts';
import { serveMetrics } from './metrics.ts';
import { identityOf, joinNetwork } from './peers.ts';
import type { Settings } from './settings.ts';
import { startSpecOf } from './start-spec.ts';

type Properties = (typeof nodeConfig)['schema']['properties'];

type Context = Pick<DaemonContext<Properties>, 'config' | 'log' | 'lifecycle'>;

/** The composition root of hamster-node: the chain first, then the port through which it is reached. */
export async function compose(context: Context, settings: Settings, version: string): Promise<void> {
  const { config, log, lifecycle } = context;
  if (settings.network) await requireAddresses(settings.network);
  const { spec: chainSpec, slotDuration, started } = await startSpecOf(settings);
  const keys = await keysOf(chainSpec, settings);
  const peers = settings.network && onChain(settings.network, chainSpec);
  const duty = authorDuty(chainSpec, peers);
  const authoring = { keys, keyStore: keys, mayAuthor: duty.mayAuthor };
  const node = await lifecycle.start({
    name: 'chain',
    start: ({ fail, signal }) =>
      openNode({ chainSpec, slotDuration, ...authoring, settings, log, signal, fail }),
    // To check, convert or begin a large chain takes as long as it takes, and the log says how far it is.
    startDeadlineMs: Infinity,
    stop: (opened) => opened.close(),
  });
  await started(node.genesisSource).catch((error: unknown) =>
    log.warn({ err: error }, 'The next start has to read the chain spec again'),
  );
  const role = keys.authors.length > 0 ? 'authority' : 'full';
  const { basePath } = settings;
  const network = await joinNetwork(lifecycle, { basePath, network: peers, node, role, version, log });
  if (network) duty.join(network);
  const { backend } = node;
  const { maxConnections, ...rpc } = settings.rpc;
  const identity = identityOf({ version, role, network });
  const server = await lifecycle.start({
    name: 'rpc',
    start: () =>
      startRpcServer(
        { ...rpc, limits: { connections: maxConnections } },
        { backend, identity, log, logFilter: logFilterOf(log) },
      ),
    stop: (serving) => serving.close(),
  });
  const { host, port } = server;
  const { name: chain, chainType } = chainSpec;
  const { genesisHash } = backend;
  log.info({ chain, genesisHash, host, port }, 'listening');
  if (!config.logJson) {
    const { basePath: place } = settings;
    const blocks = sourceOf(slotDuration, settings, keys);
    const best = backend.best().number;
    process.stdout.write(bannerText({ chain, chainType, genesisHash, best, place, blocks, host, port }));
  }
  await serveMetrics(lifecycle, { place: settings.metrics, node, identity, rpc: server, log });
}

/** pino calls silence otherwise. */
function logFilterOf(log: Context['log']): LogFilter {
  const { level } = log;
  return {
    set: (wanted) => void (log.level = wanted === 'off' ? 'silent' : wanted),
    reset: () => void (log.level = level),
  };
}

function sourceOf(everyMs: number, { manualSeal }: Settings, { authors }: ConsensusKeys): BlockSource {
  if (manualSeal) return 'demand';
  return authors.length > 0 ? { everyMs } : 'others';
}
