import { createHost, createIdentity, serveTunnel, type Host, type TunnelServer } from '../../src/index.ts';
import { GENESIS } from './accounts.ts';

const LOOPBACK = ['/ip4/127.0.0.1/tcp/0'];

export async function peerHost(listen: string[] = []): Promise<Host> {
  return createHost({ identity: await createIdentity(), kind: 'peer', listen });
}

export function listeningHost(): Promise<Host> {
  return peerHost(LOOPBACK);
}

/** Serves lease 7 of one account: the machine's port 22 is the given local port. */
export function serveLease7(host: Host, renter: string, localPort: number): Promise<TunnelServer> {
  return serveTunnel(host, {
    genesisHash: GENESIS,
    async authorise({ lease, account, port }) {
      if (lease !== 7n) return { ok: false, code: 'LEASE_NOT_FOUND', message: `There is no lease ${lease}` };
      if (account !== renter)
        return { ok: false, code: 'NOT_RENTER', message: 'That account does not rent it' };
      if (port !== 22) return { ok: false, code: 'PORT_CLOSED', message: 'Only port 22' };
      return { ok: true, host: '127.0.0.1', port: localPort };
    },
  });
}

/** A connection between two hosts, by the listening one's address. */
export async function connectHosts(from: Host, to: Host): ReturnType<Host['libp2p']['dial']> {
  return from.libp2p.dial(to.libp2p.getMultiaddrs());
}
