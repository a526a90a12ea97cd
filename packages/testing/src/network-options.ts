import { freePort, requireFreePort } from './ports.ts';

export type DriverName = 'process' | 'libvirt';

export interface NetworkPorts {
  readonly rpc: number;
  readonly gatewayTcp: number;
  readonly gatewayWebSocket: number;
  readonly dapp: number;
}

export interface NetworkOptions {
  /** Everything that the network keeps goes here. */
  readonly directory: string;
  readonly driver: DriverName;
  /** Images that the provider offers; with the process driver its only one. */
  readonly images: readonly string[];
  readonly ports: NetworkPorts;
  /** Whether to serve the market page as well. */
  readonly dapp: boolean;
  /** A chain spec file, of type Development, in place of the built-in development chain. */
  readonly chainSpec?: string;
  /** Further flags of the node. */
  readonly nodeFlags?: readonly string[];
  /** File with the key of a private network, for gateway and provider. */
  readonly swarmKey?: string;
  /** Further flags of hamster-provider. */
  readonly providerFlags?: readonly string[];
  /** Told what is being started. */
  readonly onProgress?: (what: string) => void;
}

/** The ports of `pnpm dev`: the ones that docs and defaults name. Throws if one is taken. */
export async function wellKnownPorts(): Promise<NetworkPorts> {
  const ports = { rpc: 9944, gatewayTcp: 4001, gatewayWebSocket: 4002, dapp: 5173 };
  await requireFreePort(ports.rpc, 'the chain');
  await requireFreePort(ports.gatewayTcp, 'the gateway');
  await requireFreePort(ports.gatewayWebSocket, 'the gateway');
  await requireFreePort(ports.dapp, 'the market page');
  return ports;
}

/** Ports that nobody uses, for tests beside a running network. */
export async function anyPorts(): Promise<NetworkPorts> {
  return {
    rpc: await freePort(),
    gatewayTcp: await freePort(),
    gatewayWebSocket: await freePort(),
    dapp: await freePort(),
  };
}
