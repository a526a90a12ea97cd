import { ConfigError, sentenceOf } from '@hamster/daemon';
import type { ChainSpec } from '@hamster/node';
import type { NodeConfig } from './config.ts';

/** How the node takes part in the network of its chain. */
export interface NetworkSettings {
  /** Multiaddrs. */
  readonly listen: readonly string[];
  readonly announce: readonly string[];
  /** Multiaddrs with peer id. */
  readonly bootnodes: readonly string[];
  /** Undefined for the default: below the base path, or a fresh key where there is none. */
  readonly keyFile: string | undefined;
  readonly maxPeers: number;
}

const PORT = 30333;
const MAX_PORT = 65535;

type Flags = Pick<
  NodeConfig,
  | 'dev'
  | 'network'
  | 'port'
  | 'wsPort'
  | 'listenAddr'
  | 'publicAddr'
  | 'bootnodes'
  | 'nodeKeyFile'
  | 'maxPeers'
>;

/** Undefined when the node is to be alone. */
export function networkSettingsOf(flags: Flags): NetworkSettings | undefined {
  if (!flags.network) return undefined;
  return {
    listen: flags.listenAddr.length > 0 ? flags.listenAddr : defaultAddresses(flags),
    announce: flags.publicAddr,
    bootnodes: flags.bootnodes,
    keyFile: flags.nodeKeyFile,
    maxPeers: flags.maxPeers,
  };
}

/** The same, with the boot nodes that everybody on that chain knows in front of those of the flags. */
export const onChain = (
  settings: NetworkSettings,
  { bootNodes = [] }: Pick<ChainSpec, 'bootNodes'>,
): NetworkSettings => ({
  ...settings,
  bootnodes: [...bootNodes, ...settings.bootnodes],
});

/** Any number of development nodes run side by side on one machine, which nobody else reaches. */
function defaultAddresses({ dev, port, wsPort }: Flags): string[] {
  const host = dev ? '127.0.0.1' : '0.0.0.0';
  const tcp = port ?? (dev ? 0 : PORT);
  const ws = wsPort ?? (tcp === 0 || tcp === MAX_PORT ? 0 : tcp + 1);
  return [`/ip4/${host}/tcp/${tcp}`, `/ip4/${host}/tcp/${ws}/ws`];
}

/** Throws `ConfigError` with a sentence for each flag that names no address, before anything is begun. */
export async function requireAddresses({ bootnodes, listen, announce }: NetworkSettings): Promise<void> {
  const { parseAddress, parseBootnode } = await import('@hamster/node/network');
  const problems = [
    ...wrongOf('--bootnodes', bootnodes, parseBootnode),
    ...wrongOf('--listen-addr', listen, parseAddress),
    ...wrongOf('--public-addr', announce, parseAddress),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
}

function wrongOf(flag: string, texts: readonly string[], parse: (text: string) => unknown): string[] {
  return texts.flatMap((text) => {
    try {
      parse(text);
      return [];
    } catch (error) {
      return [`${flag}: ${sentenceOf(error)}`];
    }
  });
}
