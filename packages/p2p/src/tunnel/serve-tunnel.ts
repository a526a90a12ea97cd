import { connect, type Socket } from 'node:net';
import {
  serveGranted,
  type Admitted,
  type Claim,
  type Denial,
  type GrantedOptions,
  type GrantedServer,
} from '../access/serve-granted.ts';
import { PeerError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { Lane } from '../lane/lane.ts';
import { offerFields } from '../lane/offer.ts';
import { beforeAbort } from '../signals.ts';
import { bridge } from '../streams/bridge.ts';
import { streamDuplex } from '../streams/stream-duplex.ts';
import { encodeYes } from '../wire/reply.ts';
import { decodeTunnelRequest, MAX_TUNNEL_MESSAGE, TUNNEL_PROTOCOL, type TunnelRequest } from './protocol.ts';
import { TunnelDuplex } from './tunnel-duplex.ts';

export interface TunnelClaim extends Claim {
  /** Port of the machine that the client asks for. */
  readonly port: number;
}

/** Where the machine's port is reached from here. */
export interface TunnelTarget {
  readonly host: string;
  readonly port: number;
}

interface Yes {
  readonly ok: true;
}

export interface TunnelServerOptions extends GrantedOptions {
  /** Is the account the renter of that lease on chain now? May reject: the client is told to retry. */
  authorise(claim: Claim, signal: AbortSignal): Promise<Yes | Denial>;
  /**
   * Where that port is. Asked once the grant holds: how a machine is, and whether it is up, is nobody's business but its renter's. A
   * PeerError is told to the client; other errors are not.
   */
  locate(claim: TunnelClaim, signal: AbortSignal): Promise<TunnelTarget>;
  readonly limits?: Partial<TunnelLimits>;
}

export interface TunnelLimits {
  readonly tunnelsPerPeer: number;
  readonly tunnels: number;
  /** From the stream's start until the machine's port has answered, in ms. */
  readonly handshakeMs: number;
}

export type TunnelServer = GrantedServer;

const LIMITS: TunnelLimits = { tunnelsPerPeer: 512, tunnels: 4096, handshakeMs: 15_000 };

/** Answers `/hamster/tunnel/1` on a provider's host: only a valid grant of a lease's renter reaches a machine. */
export function serveTunnel(host: Host, options: TunnelServerOptions): Promise<TunnelServer> {
  const { tunnelsPerPeer, tunnels, handshakeMs } = { ...LIMITS, ...options.limits };
  const protocol = {
    name: TUNNEL_PROTOCOL,
    permission: 'tunnel' as const,
    maxMessage: MAX_TUNNEL_MESSAGE,
    bounds: { perPeer: tunnelsPerPeer, perLease: tunnels, total: tunnels, handshakeMs },
    decode: decodeTunnelRequest,
    authorise: (_: TunnelRequest, claim: Claim, signal: AbortSignal) => options.authorise(claim, signal),
    serve: (admitted: Admitted<TunnelRequest, Yes>) => serve(host, options, admitted),
  };
  return serveGranted<TunnelRequest, Yes>(host, protocol, options);
}

async function serve(
  { lanes }: Host,
  { locate }: Pick<TunnelServerOptions, 'locate'>,
  { request, claim, messages, inTime, ended }: Admitted<TunnelRequest, Yes>,
): Promise<void> {
  const signal = AbortSignal.any([inTime, ended]);
  const target = await beforeAbort(locate({ ...claim, port: request.port }, signal), signal);
  const socket = await connectTo(target, signal);
  const offered = lanes?.offer((lane) => tunnel.goOn(new Lane(lane), 'leads'));
  try {
    ended.throwIfAborted();
    messages.write(encodeYes(offered && offerFields(offered.offer)));
  } catch (error) {
    offered?.close();
    socket.destroy();
    throw error;
  }
  const tunnel = new TunnelDuplex(streamDuplex(messages.detach()));
  tunnel.once('close', () => offered?.close());
  const cut = (): void => void tunnel.destroy(ended.reason);
  ended.addEventListener('abort', cut, { once: true });
  await bridge(tunnel, socket);
  ended.removeEventListener('abort', cut);
}

function connectTo({ host, port }: TunnelTarget, signal: AbortSignal): Promise<Socket> {
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
