/** A renter's client that forwards a local port to the machine, by the ways that it is given. */
import {
  createHost,
  createIdentity,
  forwardPort,
  tunnelClient,
  type GatewayAddress,
  type ProviderAddress,
} from '@hamster/p2p';
import { BENCH_LEASE, benchGrant } from '../grant.ts';
import { servePart } from './serve-part.ts';

export interface ClientInit {
  readonly gateways: readonly GatewayAddress[];
  readonly provider: ProviderAddress;
}

servePart<ClientInit>(async ({ gateways, provider }) => {
  const host = await createHost({ identity: await createIdentity() });
  const grant = await benchGrant(host.peerId);
  const tunnels = tunnelClient({ host, provider, gateways: () => gateways });
  const forward = await forwardPort({
    port: 0,
    open: (signal) => tunnels.open({ grant, lease: BENCH_LEASE, port: 22 }, { signal }),
  });
  return { ready: { port: forward.port } };
});
