import { noise } from '@chainsafe/libp2p-noise';
import { yamux } from '@chainsafe/libp2p-yamux';
import {
  circuitRelayServer,
  circuitRelayTransport,
  type CircuitRelayService,
  type CircuitRelayTransportInit,
} from '@libp2p/circuit-relay-v2';
import { identify } from '@libp2p/identify';
import type { Libp2p, PeerId, PrivateKey, Transport } from '@libp2p/interface';
import { tcp } from '@libp2p/tcp';
import { createLibp2p } from 'libp2p';

const LOOPBACK = ['/ip4/127.0.0.1/tcp/0'];
const COMMON = { connectionEncrypters: [noise()], streamMuxers: [yamux()] };

/** The library's own relay, with the limits taken away that end every session. */
export async function stockRelay(privateKey?: PrivateKey, listen = LOOPBACK) {
  return createLibp2p<{ relay: CircuitRelayService; identify: ReturnType<ReturnType<typeof identify>> }>({
    ...COMMON,
    ...(privateKey && { privateKey }),
    addresses: { listen },
    transports: [tcp()],
    services: {
      identify: identify(),
      relay: circuitRelayServer({ reservations: { applyDefaultLimit: false } }),
    },
  });
}

/** What the library's circuit transport knows about relays. */
export interface StockReservations {
  addRelay(relay: PeerId, type: 'configured'): Promise<unknown>;
  hasReservation(relay: PeerId): boolean;
}

export interface StockPeer {
  readonly libp2p: Libp2p;
  readonly reservations: StockReservations;
  stop(): Promise<void>;
}

/** A host with the library's own circuit transport as it comes. */
export async function stockPeer(init: CircuitRelayTransportInit = {}): Promise<StockPeer> {
  const created: Transport[] = [];
  const libp2p = await createLibp2p({
    ...COMMON,
    addresses: { listen: LOOPBACK },
    transports: [
      tcp(),
      (components) => {
        const transport = circuitRelayTransport(init)(components);
        created.push(transport);
        return transport;
      },
    ],
    services: { identify: identify() },
  });
  const [transport] = created as (Transport & { reservationStore: StockReservations })[];
  if (!transport) throw new TypeError('The circuit transport was not created');
  return {
    libp2p,
    reservations: transport.reservationStore,
    stop: async () => {
      await libp2p.stop();
    },
  };
}
