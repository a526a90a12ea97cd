import type { Connection } from '@libp2p/interface';
import {
  serveGranted,
  type Admitted,
  type Claim,
  type Denial,
  type GrantedOptions,
  type GrantedServer,
} from '../access/serve-granted.ts';
import type { Host } from '../host/host.ts';
import { finish } from '../streams/finish.ts';
import { encodeYes } from '../wire/reply.ts';
import { worthTelling } from './addresses.ts';
import { meetingPoint, type MeetingPoint } from './meeting-point.ts';
import {
  answerFields,
  decodeDirectRequest,
  DIRECT_PROTOCOL,
  MAX_DIRECT_MESSAGE,
  type DirectRequest,
} from './protocol.ts';
import { punch } from './punch.ts';

interface Yes {
  readonly ok: true;
}

export interface DirectServerOptions extends GrantedOptions {
  /** Is the account the renter of that lease on chain now? May reject: the client is told to retry. */
  authorise(claim: Claim, signal: AbortSignal): Promise<Yes | Denial>;
}

const BOUNDS = { perPeer: 2, perLease: 4, total: 64, handshakeMs: 15_000 };
/** How long both sides go on dialling each other, in ms. */
export const PUNCH_MS = 6_000;

/**
 * Answers `/hamster/direct/1` on a provider's host: tells a renter's client where it can be dialled, and meets it half-way
 * where no door is open. What comes over a direct connection needs its grant as any other stream does.
 */
export function serveDirect(host: Host, options: DirectServerOptions): Promise<GrantedServer> {
  const protocol = {
    name: DIRECT_PROTOCOL,
    permission: 'tunnel' as const,
    maxMessage: MAX_DIRECT_MESSAGE,
    bounds: BOUNDS,
    decode: decodeDirectRequest,
    authorise: (_: DirectRequest, claim: Claim, signal: AbortSignal) => options.authorise(claim, signal),
    serve: (admitted: Admitted<DirectRequest, Yes>) => serve(host, admitted),
  };
  return serveGranted<DirectRequest, Yes>(host, protocol, options);
}

async function serve(host: Host, admitted: Admitted<DirectRequest, Yes>): Promise<void> {
  const { request, connection, messages, stream, inTime, ended } = admitted;
  const signal = AbortSignal.any([inTime, ended]);
  const addresses = worthTelling(host.reachableAt());
  const from = request.observed && (await meeting(host, connection, signal));
  try {
    messages.write(encodeYes(answerFields({ addresses, ...(from && { observed: from.observed }) })));
    if (from && request.observed) await meet(host, admitted, { from, to: request.observed });
    await finish(stream, signal);
  } finally {
    from?.close();
  }
}

/** A gateway that cannot be asked is no reason to say no: the addresses may do. */
function meeting(host: Host, connection: Connection, signal: AbortSignal): Promise<MeetingPoint | undefined> {
  if (connection.direct) return Promise.resolve(undefined);
  return meetingPoint(host, connection, signal).catch(() => undefined);
}

async function meet(
  host: Host,
  { claim, messages, inTime, ended }: Admitted<DirectRequest, Yes>,
  way: Pick<Parameters<typeof punch>[1], 'from' | 'to'>,
): Promise<void> {
  await messages.read(AbortSignal.any([inTime, ended]));
  const signal = AbortSignal.any([ended, AbortSignal.timeout(PUNCH_MS)]);
  // Without success both stay with the gateway; there is nobody to tell.
  await punch(host, { ...way, peer: claim.peer, responder: true, signal }).catch(() => undefined);
}
