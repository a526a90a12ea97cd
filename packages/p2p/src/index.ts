export { PeerError, type Blame, type PeerErrorCode } from './errors.ts';
export { createHost, type Host, type HostOptions } from './host/host.ts';
export { createIdentity, loadOrCreateIdentity, type Identity } from './host/identity.ts';
export { grantText, MAX_GRANT_MS, type Grant, type Permission, type SignedGrant } from './grants/grant.ts';
export { signGrant, type GrantSigner } from './grants/sign-grant.ts';
export { verifyGrant, type GrantExpectation } from './grants/verify-grant.ts';
export { bridge } from './streams/bridge.ts';
export { openTunnel } from './tunnel/open-tunnel.ts';
export { TUNNEL_PROTOCOL, type TunnelRequest } from './tunnel/protocol.ts';
export {
  serveTunnel,
  type TunnelClaim,
  type TunnelDecision,
  type TunnelLimits,
  type TunnelServer,
  type TunnelServerOptions,
} from './tunnel/serve-tunnel.ts';
