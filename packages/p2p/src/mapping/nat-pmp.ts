import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { PeerError } from '../errors.ts';
import { LEASE_S, type Granted, type PortMapper, type Wish } from './port-mapper.ts';
import type { Router } from './router.ts';

const PORT = 5351;
const OP_ADDRESS = 0;
const OP_MAP_TCP = 2;
const IS_ANSWER = 128;
/** A datagram is lost now and then; it is sent again after each of these, in ms. */
const PAUSES_MS = [250, 500, 1000, 2000];
const ANSWER_BYTES = { [OP_ADDRESS]: 12, [OP_MAP_TCP]: 16 };

const RESULTS = [
  'all went well',
  'it does not speak this version',
  'it is told not to',
  'it has no network itself',
  'it has no ports left',
  'it cannot do that',
];

export interface NatPmpOptions {
  readonly port?: number;
  readonly pausesMs?: readonly number[];
}

/** NAT-PMP, RFC 6886. Only datagrams that come from the router itself are looked at. */
export function natPmp({ port = PORT, pausesMs = PAUSES_MS }: NatPmpOptions = {}): PortMapper {
  return {
    name: 'NAT-PMP',
    async find(router, first) {
      const way = { host: router.host, port, pausesMs };
      const externalAddress = async (signal: AbortSignal): Promise<string> =>
        [...(await exchange(way, Buffer.from([0, OP_ADDRESS]), signal)).subarray(8, 12)].join('.');
      await externalAddress(first);
      return {
        externalAddress,
        map: async (wish, signal) => grantedIn(await exchange(way, mapRequest(wish, LEASE_S), signal), wish),
        async unmap({ port: internal }, signal) {
          await exchange(way, mapRequest({ port: internal, external: 0 }, 0), signal);
        },
      };
    },
  };
}

function mapRequest({ port, external }: Wish, seconds: number): Buffer {
  const request = Buffer.alloc(12);
  request[1] = OP_MAP_TCP;
  request.writeUInt16BE(port, 4);
  request.writeUInt16BE(external, 6);
  request.writeUInt32BE(seconds, 8);
  return request;
}

function grantedIn(answer: Buffer, { port }: Wish): Granted {
  const granted = { external: answer.readUInt16BE(10), seconds: answer.readUInt32BE(12) };
  if (answer.readUInt16BE(8) !== port || granted.external === 0 || granted.seconds === 0)
    throw refusal('its answer is about another port');
  return granted;
}

type Way = Pick<Router, 'host'> & Required<NatPmpOptions>;

async function exchange(way: Way, request: Buffer, signal: AbortSignal): Promise<Buffer> {
  signal.throwIfAborted();
  // An error may also come when nobody waits any more.
  const socket = createSocket('udp4').on('error', () => undefined);
  try {
    socket.connect(way.port, way.host);
    await once(socket, 'connect', { signal });
    for (const pauseMs of way.pausesMs) {
      socket.send(request);
      const answer = await answerWithin(
        socket,
        request,
        AbortSignal.any([signal, AbortSignal.timeout(pauseMs)]),
      );
      signal.throwIfAborted();
      if (answer) return checked(answer);
    }
  } finally {
    socket.close();
  }
  throw refusal('no answer');
}

/** undefined when the signal aborts before the answer is there. */
function answerWithin(socket: Socket, request: Buffer, signal: AbortSignal): Promise<Buffer | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer | undefined>();
  const onMessage = (message: Buffer): void => {
    if (isAnswerTo(request, message)) resolve(message);
  };
  const onError = (cause: Error): void => reject(refusal('it does not listen', { cause }));
  const onAbort = (): void => resolve(undefined);
  socket.on('message', onMessage).on('error', onError);
  signal.addEventListener('abort', onAbort, { once: true });
  return promise.finally(() => {
    socket.off('message', onMessage).off('error', onError);
    signal.removeEventListener('abort', onAbort);
  });
}

/** An error may be shorter than what was asked for. */
function isAnswerTo(request: Buffer, message: Buffer): boolean {
  return message.length >= 4 && message[0] === 0 && message[1] === Number(request[1]) + IS_ANSWER;
}

function checked(answer: Buffer): Buffer {
  const result = answer.readUInt16BE(2);
  if (result !== 0) throw refusal(RESULTS[result] ?? `it answered ${result}`);
  const op = Number(answer[1]) - IS_ANSWER;
  const bytes = op === OP_MAP_TCP ? ANSWER_BYTES[OP_MAP_TCP] : ANSWER_BYTES[OP_ADDRESS];
  if (answer.length < bytes) throw refusal('its answer is cut short');
  return answer;
}

function refusal(why: string, options?: ErrorOptions): PeerError {
  return new PeerError('PORT_MAPPING', `The router maps no port by NAT-PMP: ${why}`, options);
}
