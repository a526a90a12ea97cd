import { homedir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '@hamster/daemon';
import type { AllowedOrigins, NodeOptions } from '@hamster/node';
import type { NodeConfig } from './config.ts';
import { networkSettingsOf, type NetworkSettings } from './network-settings.ts';
import { parseBlockTime, parseOrigins, parsePruning } from './parse.ts';

/** What the node is to do, after all flags were understood together. */
export interface Settings {
  /** "dev", "local", or the path of a chain spec. */
  readonly chain: string;
  /** Undefined for a chain that goes away with the node. */
  readonly basePath: string | undefined;
  /** Where a chain is kept when nothing is said. */
  readonly home: string;
  /** In ms; undefined for the one that the chain spec says. */
  readonly blockTimeMs: number | undefined;
  /** Blocks only on demand. */
  readonly manualSeal: boolean;
  /** Author with the keys of //Alice, which everybody has. */
  readonly alice: boolean;
  /** Undefined for what the chain's database was told before. */
  readonly pruning: NodeOptions['pruning'];
  /** Undefined for a node alone. */
  readonly network: NetworkSettings | undefined;
  readonly rpc: {
    readonly host: string;
    readonly port: number;
    readonly allowedOrigins: AllowedOrigins;
    readonly allowUnsafe: boolean;
    readonly maxConnections: number;
  };
  /** Where the metrics are served; undefined for nowhere. */
  readonly metrics: { readonly host: string; readonly port: number } | undefined;
}

/** As Substrate has it. */
const PROMETHEUS_PORT = 9615;

/** Puts the flags together. Throws `ConfigError` with a sentence for each contradiction. */
export function settingsOf(config: NodeConfig): Settings {
  const problems: string[] = [];
  const attempt = <T>(parse: () => T, fallback: T): T => {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.push(...error.problems);
      return fallback;
    }
  };
  problems.push(...contradictions(config));
  const chain = config.chain ?? 'dev';
  const { blockTime, pruning: states } = config;
  const blockTimeMs =
    blockTime === undefined ? undefined : attempt(() => parseBlockTime(blockTime), undefined);
  const pruning = states === undefined ? undefined : attempt(() => parsePruning(states), undefined);
  const allowedOrigins = attempt(() => parseOrigins(config.rpcCors), []);
  if (problems.length > 0) throw new ConfigError(problems);
  const home = join(homedir(), '.hamster', 'node');
  return {
    chain,
    basePath: config.basePath ?? (config.dev ? undefined : home),
    home,
    blockTimeMs,
    manualSeal: config.manualSeal,
    alice: config.dev || config.alice,
    pruning,
    network: networkSettingsOf(config),
    rpc: {
      host: config.rpcExternal ? '0.0.0.0' : '127.0.0.1',
      port: config.rpcPort,
      allowedOrigins,
      allowUnsafe: config.rpcMethods === 'unsafe' || (config.rpcMethods === 'auto' && !config.rpcExternal),
      maxConnections: config.rpcMaxConnections,
    },
    metrics: metricsOf(config),
  };
}

/** Any number of development nodes run side by side on one machine, and few are watched. */
function metricsOf({ dev, prometheus, prometheusPort, prometheusExternal }: NodeConfig): Settings['metrics'] {
  const port = prometheusPort ?? (dev ? undefined : PROMETHEUS_PORT);
  if (!prometheus || port === undefined) return undefined;
  return { host: prometheusExternal ? '0.0.0.0' : '127.0.0.1', port };
}

function contradictions(config: NodeConfig): string[] {
  const { dev, chain, blockTime, network, bootnodes, prometheus, prometheusPort } = config;
  const problems: string[] = [];
  if (!prometheus && prometheusPort !== undefined) {
    problems.push('--no-prometheus serves no metrics: leave out --prometheus-port, or --no-prometheus.');
  }
  if (!dev && chain === undefined) {
    problems.push('Say which chain to run: --dev for a development chain, or --chain <dev|local|file>.');
  }
  if (dev && chain !== undefined && chain !== 'dev') {
    problems.push(`--dev runs the development chain, but --chain says "${chain}": leave one of them out.`);
  }
  if (!network && bootnodes.length > 0) {
    problems.push('--no-network dials nobody: leave out --bootnodes, or --no-network.');
  }
  if (blockTime !== undefined && chain !== undefined && chain !== 'dev' && chain !== 'local') {
    problems.push(
      '--block-time is for the chains dev and local: a chain spec says it itself, as aura.slotDuration.',
    );
  }
  return problems;
}
