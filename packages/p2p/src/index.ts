export type { Claim, Denial, GrantedOptions, GrantedServer } from './access/serve-granted.ts';
export type { ProviderRoute } from './access/provider-streams.ts';
export { consoleClient, type ConsoleClient } from './console/console-client.ts';
export { CONSOLE_PROTOCOL } from './console/protocol.ts';
export { serveConsole, type ConsoleServerOptions } from './console/serve-console.ts';
export type {
  ControlAnswer,
  ControlCommand,
  MachineSize,
  MetricsAnswer,
  StatusAnswer,
} from './control/commands.ts';
export { controlClient, type ControlClient } from './control/control-client.ts';
export { CONTROL_PROTOCOL, type ControlRequest } from './control/protocol.ts';
export { serveControl, type ControlServerOptions } from './control/serve-control.ts';
export { DIRECT_PROTOCOL } from './direct/protocol.ts';
export { serveDirect, type DirectServerOptions } from './direct/serve-direct.ts';
export { PeerError, type Blame, type PeerErrorCode } from './errors.ts';
export { createGatewayHost, createHost, type GatewayHost, type Host, type HostOptions } from './host/host.ts';
export type { Certificate } from './host/secure-websockets.ts';
export { createSwarmKey, loadSwarmKey, swarmKeyOption, type SwarmKey } from './host/swarm-key.ts';
export { createIdentity, loadOrCreateIdentity, type Identity } from './host/identity.ts';
export { grantText, MAX_GRANT_MS, type Grant, type Permission, type SignedGrant } from './grants/grant.ts';
export { signGrant, type GrantSigner } from './grants/sign-grant.ts';
export { verifyGrant, type GrantExpectation } from './grants/verify-grant.ts';
export type { PortMapping } from './mapping/keep-port-mapped.ts';
export type { Relay } from './relay/relay.ts';
export { RELAY_LIMITS, type RelayAcl, type RelayLimits, type RelayOptions } from './relay/relay-options.ts';
export type { Reservation } from './relay/reservations.ts';
export type { Cut, Refusal } from './relay/tally.ts';
export type { PeerTraffic, Traffic } from './relay/traffic.ts';
export type { CircuitClient } from './routes/circuit-client.ts';
export { dialProvider, type ConnectOptions, type ProviderAddress } from './routes/connect-provider.ts';
export { gatewaysInOrder, type GatewayAddress } from './routes/gateway-address.ts';
export { pingGateway, type GatewayReach } from './routes/ping-gateway.ts';
export {
  keepReservations,
  type ReservationKeeper,
  type ReservationKeeperOptions,
} from './routes/reservations.ts';
export { bridge } from './streams/bridge.ts';
export { bridgeStdio } from './tunnel/bridge-stdio.ts';
export { forwardPort, type Forward, type ForwardOptions } from './tunnel/forward-port.ts';
export { openTunnel } from './tunnel/open-tunnel.ts';
export { TUNNEL_PROTOCOL, type TunnelRequest } from './tunnel/protocol.ts';
export {
  serveTunnel,
  type TunnelClaim,
  type TunnelTarget,
  type TunnelLimits,
  type TunnelServer,
  type TunnelServerOptions,
} from './tunnel/serve-tunnel.ts';
export { tunnelClient, type TunnelClient, type TunnelClientOptions } from './tunnel/tunnel-client.ts';
