import type { Libp2p } from '@libp2p/interface';
import { createLibp2p } from 'libp2p';
import { asError, PeerError } from '../errors.ts';
import type { Identity } from './identity.ts';
import { libp2pOptions, type HostServices } from './libp2p-options.ts';

export interface HostOptions {
  readonly identity: Identity;
  /** Multiaddrs to listen on; none for a client, which is only dialled through gateways. */
  readonly listen?: readonly string[];
  /** Multiaddrs to tell others instead of those listened on. */
  readonly announce?: readonly string[];
  /** A gateway serves thousands of connections and must not drop them when it is busy itself. */
  readonly kind: 'peer' | 'gateway';
}

/** A running libp2p host. `stop()` closes all of its connections. */
export interface Host {
  readonly peerId: string;
  readonly libp2p: Libp2p<HostServices>;
  /** Multiaddrs with the peer id, under which others reach this host directly. */
  addresses(): string[];
  stop(): Promise<void>;
}

/** Starts a host. Throws PeerError LISTEN_FAILED or ADDRESS_INVALID. */
export async function createHost(options: HostOptions): Promise<Host> {
  const libp2p = await start(options);
  return {
    peerId: options.identity.peerId,
    libp2p,
    addresses: () => libp2p.getMultiaddrs().map((address) => address.toString()),
    stop: async () => {
      await libp2p.stop();
    },
  };
}

async function start(options: HostOptions): Promise<Libp2p<HostServices>> {
  const libp2p = await createLibp2p<HostServices>({ ...libp2pOptions(options), start: false });
  try {
    await libp2p.start();
    return libp2p;
  } catch (cause) {
    await libp2p.stop();
    const where = options.listen?.join(', ') ?? 'no address';
    const reason = asError(cause).message.split('\n')[0];
    throw new PeerError('LISTEN_FAILED', `Cannot listen on ${where}: ${reason}`, { cause });
  }
}
