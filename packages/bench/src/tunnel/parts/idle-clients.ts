/** Clients that are connected to a provider through a gateway, and do nothing. */
import { createHost, createIdentity, dialProvider, type GatewayAddress } from '@hamster/p2p';
import { servePart } from './serve-part.ts';

export interface IdleInit {
  readonly gateway: GatewayAddress;
  readonly provider: string;
  readonly clients: number;
}

servePart<IdleInit>(async ({ gateway, provider, clients }) => {
  for (let count = 0; count < clients; count += 1) {
    const host = await createHost({ identity: await createIdentity() });
    await dialProvider(host, { peerId: provider }, { gateways: [gateway] });
  }
  return { ready: { clients } };
});
