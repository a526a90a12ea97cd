import { sentenceOf } from '@hamster/daemon';
import type { GatewayAddress, GatewayReach } from '@hamster/p2p';
import type { Context } from '../cli/context.ts';
import { clientHost } from './open-session.ts';

/** How a gateway answers this computer, or why it does not. */
export type Reach = ({ readonly ok: true } & GatewayReach) | { readonly ok: false; readonly why: string };

/** Gateways dialled at once: one after the other would take as long as the silent ones together. */
const AT_ONCE = 16;

/** Dials every gateway with this client's own identity. */
export async function reachOf<G extends GatewayAddress>(
  { settings, signal }: Pick<Context, 'settings' | 'signal'>,
  gateways: readonly G[],
): Promise<(G & { readonly reach: Reach })[]> {
  const { pingGateway } = await import('@hamster/p2p');
  const host = await clientHost(settings);
  const tried = async (gateway: G): Promise<G & { reach: Reach }> => {
    try {
      return { ...gateway, reach: { ok: true, ...(await pingGateway(host, gateway, signal)) } };
    } catch (error) {
      signal.throwIfAborted();
      return { ...gateway, reach: { ok: false, why: sentenceOf(error) } };
    }
  };
  try {
    const results: (G & { reach: Reach })[] = [];
    for (let from = 0; from < gateways.length; from += AT_ONCE) {
      results.push(...(await Promise.all(gateways.slice(from, from + AT_ONCE).map(tried))));
    }
    return results;
  } finally {
    await host.stop();
  }
}
