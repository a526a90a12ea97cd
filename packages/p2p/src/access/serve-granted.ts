import type { Connection, Stream } from '@libp2p/interface';
import { encodeAddress } from '#polkadot/util-crypto';
import { asError, PeerError, type PeerErrorCode } from '../errors.ts';
import type { GrantedRequest } from '../grants/decode-grant.ts';
import { grantChecker } from '../grants/grant-checker.ts';
import type { Permission } from '../grants/grant.ts';
import { checkGrantTerms } from '../grants/verify-grant.ts';
import type { Host } from '../host/host.ts';
import { beforeAbort } from '../signals.ts';
import { finish } from '../streams/finish.ts';
import { framed, MOST_EARLY, type Framed } from '../streams/framed.ts';
import { encodeNo } from '../wire/reply.ts';
import { liveStreams, tooManyStreams, type LiveStreams, type StreamBounds } from './live-streams.ts';
import { lobby, type Lobby } from './lobby.ts';

/** A request whose grant holds; whether it may pass is the provider's to say. */
export interface Claim {
  readonly lease: bigint;
  /** The grant's signer, SS58 with prefix 42. */
  readonly account: string;
  /** Peer id of the client. */
  readonly peer: string;
}

export interface Denial {
  readonly ok: false;
  readonly code: PeerErrorCode;
  readonly message: string;
}

/** What every protocol of a provider is told. */
export interface GrantedOptions {
  readonly genesisHash: string;
  /** The chain's time by now, ms since 1970; defaults to the system's clock. */
  now?: () => number;
  /** The time of the chain's newest block, by which grants end; defaults to `now`. */
  blockTime?: () => number;
  /** Told of every refused or failed request. */
  onRefused?: (peer: string, error: PeerError) => void;
}

/** The streams of one protocol on a provider. */
export interface GrantedServer {
  /** Ends all the streams of a lease; returns how many there were. */
  closeLease(lease: bigint): number;
  /** Open streams by lease. */
  counts(): ReadonlyMap<bigint, number>;
  /** Takes no more and ends all. */
  close(): Promise<void>;
}

/** A request that passed. */
export interface Admitted<R, D> {
  readonly request: R;
  readonly claim: Claim;
  readonly decision: D;
  readonly connection: Connection;
  readonly stream: Stream;
  readonly messages: Framed;
  /** Aborts when the handshake has lasted too long. */
  readonly inTime: AbortSignal;
  /** Aborts with LEASE_ENDED when the lease ends. */
  readonly ended: AbortSignal;
}

export interface GrantedProtocol<R extends GrantedRequest, D extends { readonly ok: true }> {
  readonly name: string;
  readonly permission: Permission;
  /** Of a message, in bytes. */
  readonly maxMessage: number;
  readonly bounds: StreamBounds & { readonly handshakeMs: number };
  /** Throws PeerError. */
  decode(bytes: Uint8Array): R;
  /** May reject: the client is told to retry. */
  authorise(request: R, claim: Claim, signal: AbortSignal): Promise<D | Denial>;
  /** From here until the stream's end. Rejects, before anything was written, with what the client is refused for. */
  serve(admitted: Admitted<R, D>): Promise<void>;
}

interface Service<R extends GrantedRequest, D extends { readonly ok: true }> {
  readonly options: GrantedOptions;
  readonly protocol: GrantedProtocol<R, D>;
  readonly live: LiveStreams;
  readonly lobby: Lobby;
  readonly checkSignature: ReturnType<typeof grantChecker>;
}

/** Answers one protocol on a provider's host: each stream begins with a grant, and only a renter's good one passes. */
export async function serveGranted<R extends GrantedRequest, D extends { readonly ok: true }>(
  host: Host,
  protocol: GrantedProtocol<R, D>,
  options: GrantedOptions,
): Promise<GrantedServer> {
  const { name, bounds } = protocol;
  const live = liveStreams(bounds);
  // Some more than may be open, so that one too many is refused with a reason.
  const perPeer = bounds.perPeer + 16;
  const service: Service<R, D> = {
    ...{ options, protocol, live },
    // The library counts the streams of one connection only.
    lobby: lobby({ perPeer, total: Math.max(perPeer, bounds.total) }),
    checkSignature: grantChecker(),
  };
  await host.libp2p.handle(name, (stream, connection) => void answer(service, stream, connection), {
    runOnLimitedConnection: true,
    maxInboundStreams: perPeer,
    maxOutboundStreams: bounds.perPeer,
  });
  return {
    closeLease: live.closeLease,
    counts: live.counts,
    async close() {
      await host.libp2p.unhandle(name);
      live.closeAll();
    },
  };
}

async function answer<R extends GrantedRequest, D extends { readonly ok: true }>(
  service: Service<R, D>,
  stream: Stream,
  connection: Connection,
): Promise<void> {
  const { protocol, live } = service;
  const peer = connection.remotePeer.toString();
  const messages = framed(stream, protocol.maxMessage, MOST_EARLY);
  const inTime = AbortSignal.timeout(protocol.bounds.handshakeMs);
  try {
    // Read first, also when no place is free: an answer that outruns the negotiation of the stream is lost.
    const request = protocol.decode(await readRequest(service, { stream, messages, peer, inTime }));
    const place = live.take(peer, request.lease);
    try {
      const signal = AbortSignal.any([inTime, place.ended]);
      const { claim, decision } = await admit(service, request, peer, signal);
      place.confirm();
      const { ended } = place;
      await protocol.serve({ request, claim, decision, connection, stream, messages, inTime, ended });
    } finally {
      place.release();
    }
  } catch (error) {
    await refuse(service, { stream, messages, peer, error });
  }
}

interface Waiting {
  readonly stream: Stream;
  readonly messages: Framed;
  readonly peer: string;
  readonly inTime: AbortSignal;
}

async function readRequest(
  { lobby }: { readonly lobby: Lobby },
  { stream, messages, peer, inTime }: Waiting,
): Promise<Uint8Array> {
  const leave = lobby.enter(peer, () => stream.abort(tooManyStreams()));
  try {
    return await messages.read(inTime);
  } finally {
    leave();
  }
}

async function admit<R extends GrantedRequest, D extends { readonly ok: true }>(
  { options, protocol, checkSignature }: Service<R, D>,
  request: R,
  peer: string,
  signal: AbortSignal,
): Promise<{ claim: Claim; decision: D }> {
  const { grant, lease } = request;
  if (grant.lease !== lease) {
    throw new PeerError(
      'GRANT_NOT_PERMITTED',
      `This access grant is for lease ${grant.lease}, not for ${lease}`,
    );
  }
  const now = (options.now ?? Date.now)();
  const blockTime = options.blockTime?.() ?? now;
  const { permission } = protocol;
  checkGrantTerms(grant, { genesisHash: options.genesisHash, peer, permission, now, blockTime });
  const claim = { lease, account: encodeAddress(grant.account, 42), peer };
  const decision = await beforeAbort(protocol.authorise(request, claim, signal), signal);
  if (!decision.ok) throw new PeerError(decision.code, decision.message);
  // Last, as it is by far the dearest: strangers must not buy it with a lease that is not theirs.
  checkSignature(grant, peer);
  return { claim, decision };
}

interface Refusal {
  readonly stream: Stream;
  readonly messages: Framed;
  readonly peer: string;
  readonly error: unknown;
}

async function refuse<R extends GrantedRequest, D extends { readonly ok: true }>(
  { options, protocol }: Service<R, D>,
  { stream, messages, peer, error }: Refusal,
): Promise<void> {
  const refusal = toRefusal(error);
  options.onRefused?.(peer, refusal);
  try {
    messages.write(encodeNo(refusal));
    await finish(stream, AbortSignal.timeout(protocol.bounds.handshakeMs));
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
