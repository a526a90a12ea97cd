import { DaemonError, EXIT_USAGE } from '@hamster/daemon';

const MAX_ADDRESSES = 8;

interface Addresses {
  /** As the operator gave them. */
  readonly announce: readonly string[];
  /** Those the host listens on, with its peer id. */
  readonly listening: readonly string[];
  readonly chainType: string;
}

/** The multiaddrs to put on chain, without the peer id. Throws `ANNOUNCE_MISSING`. */
export function entryAddresses({ announce, listening, chainType }: Addresses): string[] {
  if (announce.length > 0) return [...announce];
  if (chainType === 'Development') {
    return listening.map((address) => address.replace(/\/p2p\/[^/]+$/, '')).slice(0, MAX_ADDRESSES);
  }
  throw new DaemonError(
    'ANNOUNCE_MISSING',
    'Under which address does the internet reach this gateway? Give it as --announce, e.g. --announce /ip4/203.0.113.7/tcp/4001.',
    { exitCode: EXIT_USAGE },
  );
}
