import type { Duplex } from 'node:stream';
import type { Host } from '@hamster/p2p';
import { explained } from './no-way.ts';
import { grantOf } from './session.ts';
import type { Session } from './session.ts';

export interface Tunnels {
  /** A new stream to a TCP port of the machine. Throws with a sentence. */
  open(port: number, signal: AbortSignal): Promise<Duplex>;
}

/** Tunnels of one session over one host; `current` may hand out newer gateways as time goes on. */
export async function tunnelsOf(host: Host, current: () => Session): Promise<Tunnels> {
  const { tunnelClient } = await import('@hamster/p2p');
  const { provider } = current();
  const client = tunnelClient({ host, provider: { peerId: provider }, gateways: () => current().gateways });
  return {
    async open(port, signal) {
      const session = current();
      const request = { grant: grantOf(session), lease: BigInt(session.lease), port };
      try {
        return await client.open(request, { signal });
      } catch (error) {
        throw explained(error, session);
      }
    },
  };
}
