import { connect, type Socket } from 'node:net';
import type { Connection, Stream } from '@libp2p/interface';
import { encodeAddress } from '@polkadot/util-crypto';
import { asError, PeerError, type PeerErrorCode } from '../errors.ts';
import { grantChecker } from '../grants/grant-checker.ts';
import { checkGrantTerms } from '../grants/verify-grant.ts';
import type { Host } from '../host/host.ts';
import { beforeAbort } from '../signals.ts';
import { bridge } from '../streams/bridge.ts';
import { framed, type Framed } from '../streams/framed.ts';
import { streamDuplex } from '../streams/stream-duplex.ts';
import { liveTunnels, type LiveTunnels } from './live-tunnels.ts';
import {
  decodeRequest,
  encodeReply,
  MAX_TUNNEL_MESSAGE,
  TUNNEL_PROTOCOL,
  type TunnelRequest,
} from './protocol.ts';

/** A request whose grant holds; whether it may pass is the provider's to say. */
export interface TunnelClaim {
  readonly lease: bigint;
  /** Port of the machine that the client asks for. */
  readonly port: number;
  /** The grant's signer, SS58 with prefix 42. */
  readonly account: string;
  /** Peer id of the client. */
  readonly peer: string;
}

export type TunnelDecision =
  /** Where the machine's port is reached from here. */
  | { readonly ok: true; readonly host: string; readonly port: number }
  | { readonly ok: false; readonly code: PeerErrorCode; readonly message: string };

export interface TunnelServerOptions {
  readonly genesisHash: string;
  /** Is the account the renter of that lease on chain now, and where is that port? May reject: the client is told to retry. */
  authorise(claim: TunnelClaim, signal: AbortSignal): Promise<TunnelDecision>;
  /** ms since 1970; defaults to the system's clock. */
  now?: () => number;
  readonly limits?: Partial<TunnelLimits>;
  /** Told of every refused or failed request. */
  onRefused?: (peer: string, error: PeerError) => void;
}

export interface TunnelLimits {
  readonly tunnelsPerPeer: number;
  readonly tunnels: number;
  /** From the stream's start until the machine's port has answered, in ms. */
  readonly handshakeMs: number;
}

export interface TunnelServer {
  /** Cuts all the tunnels of a lease; returns how many there were. */
  closeLease(lease: bigint): number;
  /** Open tunnels by lease. */
  counts(): ReadonlyMap<bigint, number>;
  /** Takes no more and cuts all. */
  close(): Promise<void>;
}

const LIMITS: TunnelLimits = { tunnelsPerPeer: 128, tunnels: 2048, handshakeMs: 15_000 };

interface Service extends TunnelServerOptions {
  readonly bounds: TunnelLimits;
  readonly live: LiveTunnels;
  readonly checkSignature: ReturnType<typeof grantChecker>;
}

/** Answers `/hamster/tunnel/1` on a provider's host: only a valid grant of a lease's renter reaches a machine. */
export async function serveTunnel(host: Host, options: TunnelServerOptions): Promise<TunnelServer> {
  const bounds = { ...LIMITS, ...options.limits };
  const live = liveTunnels({ perPeer: bounds.tunnelsPerPeer, total: bounds.tunnels });
  const service: Service = { ...options, bounds, live, checkSignature: grantChecker() };
  await host.libp2p.handle(TUNNEL_PROTOCOL, (stream, connection) => answer(service, stream, connection), {
    runOnLimitedConnection: true,
    // Some more than may be open, so that one too many is refused with a reason.
    maxInboundStreams: bounds.tunnelsPerPeer + 16,
    maxOutboundStreams: bounds.tunnelsPerPeer,
  });
  return {
    closeLease: live.closeLease,
    counts: live.counts,
    async close() {
      await host.libp2p.unhandle(TUNNEL_PROTOCOL);
      live.closeAll();
    },
  };
}

async function answer(service: Service, stream: Stream, connection: Connection): Promise<void> {
  const peer = connection.remotePeer.toString();
  const messages = framed(stream, MAX_TUNNEL_MESSAGE);
  const signal = AbortSignal.timeout(service.bounds.handshakeMs);
  try {
    // Read first, also when no place is free: an answer that outruns the negotiation of the stream is lost.
    const request = decodeRequest(await messages.read(signal));
    const release = service.live.reserve(peer);
    try {
      const socket = await open(service, request, peer, signal);
      void join(service, { lease: request.lease, messages, socket }).finally(release);
    } catch (error) {
      release();
      throw error;
    }
  } catch (error) {
    await refuse(service, { stream, messages, peer, error });
  }
}

async function open(
  service: Service,
  request: TunnelRequest,
  peer: string,
  signal: AbortSignal,
): Promise<Socket> {
  const { grant, lease, port } = request;
  if (grant.lease !== lease) {
    throw new PeerError(
      'GRANT_NOT_PERMITTED',
      `This access grant is for lease ${grant.lease}, not for ${lease}`,
    );
  }
  const now = (service.now ?? Date.now)();
  checkGrantTerms(grant, { genesisHash: service.genesisHash, peer, permission: 'tunnel', now });
  const claim = { lease, port, account: encodeAddress(grant.account, 42), peer };
  const decision = await beforeAbort(service.authorise(claim, signal), signal);
  if (!decision.ok) throw new PeerError(decision.code, decision.message);
  // Last, as it is by far the dearest: strangers must not buy it with a lease that is not theirs.
  service.checkSignature(grant, peer);
  return connectTo(decision, signal);
}

function connectTo({ host, port }: { host: string; port: number }, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, allowHalfOpen: true, noDelay: true });
    const fail = (cause: unknown): void => {
      socket.destroy();
      reject(new PeerError('MACHINE_UNREACHABLE', 'The machine does not answer on that port', { cause }));
    };
    const onAbort = (): void => fail(signal.reason);
    socket.once('error', fail);
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('connect', () => {
      socket.off('error', fail);
      signal.removeEventListener('abort', onAbort);
      resolve(socket);
    });
  });
}

interface Joint {
  readonly lease: bigint;
  readonly messages: Framed;
  readonly socket: Socket;
}

function join(service: Service, { lease, messages, socket }: Joint): Promise<void> {
  try {
    messages.write(encodeReply({ ok: true }));
  } catch (error) {
    socket.destroy();
    throw error;
  }
  const tunnel = streamDuplex(messages.detach());
  service.live.add(lease, tunnel);
  return bridge(tunnel, socket);
}

interface Refusal {
  readonly stream: Stream;
  readonly messages: Framed;
  readonly peer: string;
  readonly error: unknown;
}

async function refuse(service: Service, { stream, messages, peer, error }: Refusal): Promise<void> {
  const refusal = toRefusal(error);
  service.onRefused?.(peer, refusal);
  try {
    messages.write(encodeReply({ ok: false, code: refusal.code, message: refusal.message }));
    await stream.close({ signal: AbortSignal.timeout(service.bounds.handshakeMs) });
  } catch (cause) {
    stream.abort(asError(cause));
  }
}

/** What goes wrong inside of the provider is not told to strangers. */
function toRefusal(error: unknown): PeerError {
  if (error instanceof PeerError) return error;
  const message = 'The provider cannot answer now; try again in a moment';
  return new PeerError('PROVIDER_FAILED', message, { cause: error });
}
