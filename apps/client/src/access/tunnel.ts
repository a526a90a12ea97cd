import type { Duplex } from 'node:stream';
import { sentenceOf } from '@hamster/daemon';
import type { Host } from '@hamster/p2p';
import { CliError, EXIT } from '../cli/errors.ts';
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

/** When there is no way, a person wants to know what it means for the money. */
function explained(error: unknown, { lease, gateways }: Session): unknown {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'NO_ROUTE') return error;
  const ways = gateways.length === 1 ? 'the one gateway' : `any of the ${gateways.length} gateways`;
  return new CliError(
    'NO_ROUTE',
    `The machine of lease ${lease} cannot be reached through ${ways} online: ${sentenceOf(error)}. ` +
      'While its provider is silent the lease is suspended and costs nothing; see `hamster leases`.',
    EXIT.unreachable,
    error,
  );
}
