import type { Duplex } from 'node:stream';
import type { ControlClient, Host, StatusAnswer } from '@hamster/p2p';
import { grantOf, type Session } from '../access/session.ts';
import { tunnelsOf, type Tunnels } from '../access/tunnel.ts';

/** The way to one lease's machine, that stays open. */
export interface MachineLink {
  /** What the chain says now: other gateways, a younger grant. */
  renew(session: Session): void;
  status(signal: AbortSignal): Promise<StatusAnswer>;
  tunnel(port: number, signal: AbortSignal): Promise<Duplex>;
}

/** Streams of all links to one provider share the host's connection to it. */
export async function machineLink(host: Host, first: Session): Promise<MachineLink> {
  const { controlClient } = await import('@hamster/p2p');
  let session = first;
  const tunnels: Tunnels = await tunnelsOf(host, () => session);
  const control: ControlClient = controlClient({
    host,
    provider: { peerId: first.provider },
    gateways: () => session.gateways,
  });
  return {
    renew(next) {
      session = next;
    },
    status: (signal) =>
      control.ask(
        { grant: grantOf(session), lease: BigInt(session.lease), command: { name: 'status' } },
        { signal },
      ),
    tunnel: (port, signal) => tunnels.open(port, signal),
  };
}
