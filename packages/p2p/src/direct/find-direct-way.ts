import { setTimeout as wait } from 'node:timers/promises';
import type { Connection, Stream } from '@libp2p/interface';
import type { Multiaddr } from '@multiformats/multiaddr';
import { askOn, newStream } from '../access/ask-provider.ts';
import { PeerError } from '../errors.ts';
import type { GrantedRequest } from '../grants/decode-grant.ts';
import type { Host } from '../host/host.ts';
import { race } from '../routes/race.ts';
import type { Framed } from '../streams/framed.ts';
import { isLoopback, withoutPeer, worthDialling } from './addresses.ts';
import { meetingPoint } from './meeting-point.ts';
import {
  decodeDirectAnswer,
  DIRECT_PROTOCOL,
  encodeDirectRequest,
  MAX_DIRECT_MESSAGE,
  type DirectAnswer,
  type DirectRequest,
} from './protocol.ts';
import { punch } from './punch.ts';
import { PUNCH_MS } from './serve-direct.ts';

const TOTAL_MS = 20_000;
const DIAL = { staggerMs: 200, attemptMs: 3_000 };
const LONGEST_TRIP_MS = 1_000;
const GO = Uint8Array.of(1);

/** Looks for a way without a gateway to a provider that is reached through one. Throws when there is none. */
export async function findDirectWay(
  host: Host,
  relayed: Connection,
  request: GrantedRequest,
  ending: AbortSignal,
): Promise<Connection> {
  const signal = AbortSignal.any([ending, AbortSignal.timeout(TOTAL_MS)]);
  const asked = performance.now();
  const { answer, stream } = await ask(relayed, request, signal);
  const tripMs = Math.min((performance.now() - asked) / 2, LONGEST_TRIP_MS);
  await stream.close({ signal });
  const known = worthDialling(answer.addresses, isLoopback(relayed.remoteAddr));
  try {
    return await dialAny(host, relayed, known, signal);
  } catch (error) {
    if (signal.aborted) throw error;
    return meetHalfWay(host, relayed, { request, tripMs, signal });
  }
}

function dialAny(
  host: Host,
  { remotePeer }: Connection,
  addresses: readonly Multiaddr[],
  signal: AbortSignal,
): Promise<Connection> {
  const attempts = addresses.map((address) => ({
    label: `at ${address.toString()}`,
    run: (own: AbortSignal) =>
      host.dialler.dial(withoutPeer(address).encapsulate(`/p2p/${remotePeer.toString()}`), {
        signal: own,
      }),
  }));
  const discard = (late: Connection): void => void late.close().catch(() => undefined);
  return race(attempts, { ...DIAL, signal, discard });
}

interface Meeting {
  readonly request: GrantedRequest;
  /** How long a message takes to the provider. */
  readonly tripMs: number;
  readonly signal: AbortSignal;
}

async function meetHalfWay(
  host: Host,
  relayed: Connection,
  { request, tripMs, signal }: Meeting,
): Promise<Connection> {
  const from = await meetingPoint(host, relayed, signal);
  if (!from) throw noWay('no gateway sees a public address of this host');
  try {
    const { answer, messages, stream } = await ask(relayed, { ...request, observed: from.observed }, signal);
    if (!answer.observed) throw noWay('the provider does not meet half-way');
    messages.write(GO);
    void stream.close({ signal }).catch(() => undefined);
    // The provider begins when it hears of it.
    await wait(tripMs, undefined, { signal });
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(PUNCH_MS)]);
    const peer = relayed.remotePeer.toString();
    return await punch(host, { peer, from, to: answer.observed, responder: false, signal: bounded });
  } finally {
    from.close();
  }
}

interface Asked {
  readonly answer: DirectAnswer;
  readonly messages: Framed;
  readonly stream: Stream;
}

async function ask(connection: Connection, request: DirectRequest, signal: AbortSignal): Promise<Asked> {
  const stream = await newStream(connection, DIRECT_PROTOCOL, signal);
  const question = { request: encodeDirectRequest(request), maxMessage: MAX_DIRECT_MESSAGE, signal };
  const { messages, reply } = await askOn(stream, question);
  return { answer: decodeDirectAnswer(reply), messages, stream };
}

function noWay(why: string): PeerError {
  return new PeerError('NO_ROUTE', `There is no way without a gateway: ${why}`);
}
