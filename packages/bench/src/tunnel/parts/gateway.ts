/** A gateway that lets everybody in; says how much memory it holds when it is asked. */
import { createGatewayHost, createIdentity } from '@hamster/p2p';
import { servePart } from './serve-part.ts';

export interface GatewayMemory {
  /** Bytes, after all garbage has been collected. */
  readonly rss: number;
  readonly heap: number;
  readonly circuits: number;
}

servePart(async () => {
  const gateway = await createGatewayHost({
    identity: await createIdentity(),
    listen: ['/ip4/127.0.0.1/tcp/0'],
    relay: {
      acl: { mayReserve: () => true, mayRelay: () => true },
      limits: { circuitsPerDestination: 4096 },
    },
  });
  const memory = (): GatewayMemory => {
    globalThis.gc?.();
    const { rss, heapUsed, external } = process.memoryUsage();
    return { rss, heap: heapUsed + external, circuits: gateway.relay.circuits() };
  };
  return { ready: { peerId: gateway.peerId, multiaddrs: gateway.addresses() }, answer: memory };
});
