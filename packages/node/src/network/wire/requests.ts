import type { Connection, Libp2p, Stream } from '@libp2p/interface';
import { asError, NetworkError } from '../errors.ts';
import type { NetworkLimits } from '../limits.ts';
import { Rate } from '../rate.ts';
import { abortStream, Frames } from './frames.ts';

/** One request for one response: what this side answers. */
export interface Responder {
  readonly protocol: string;
  readonly maxRequestBytes: number;
  /** What it throws ends the stream without an answer. */
  answer(request: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

export interface ResponderParts {
  readonly libp2p: Libp2p;
  readonly limits: NetworkLimits;
  /** Told of everything that went wrong; decides whether the peer has to go. */
  readonly onFailure: (peer: string, error: unknown) => void;
}

/** What a peer has asked lately. */
interface Account {
  underWay: number;
  readonly rate: Rate;
  readonly refusals: Rate;
}

/** Answers requests of all peers, each within bounds of its own. */
export class RequestServer {
  readonly #parts: ResponderParts;
  readonly #peers = new Map<string, Account>();

  constructor(parts: ResponderParts) {
    this.#parts = parts;
    parts.libp2p.addEventListener('peer:disconnect', ({ detail }) => this.#peers.delete(detail.toString()));
  }

  async serve(responder: Responder): Promise<void> {
    await this.#parts.libp2p.handle(
      responder.protocol,
      (stream, connection) => this.#onStream(responder, stream, connection.remotePeer.toString()),
      { maxInboundStreams: this.#parts.limits.requestsUnderWay * 2 },
    );
  }

  async #onStream(responder: Responder, stream: Stream, peer: string): Promise<void> {
    // Listens before anything else: a request may have come with the stream.
    const frames = new Frames(stream, responder.maxRequestBytes);
    const account = this.#accountOf(peer);
    account.underWay += 1;
    try {
      this.#admit(account);
      await this.#exchange(responder, frames);
    } catch (error) {
      abortStream(stream, error);
      this.#parts.onFailure(peer, error);
    } finally {
      account.underWay -= 1;
    }
  }

  async #exchange(responder: Responder, frames: Frames): Promise<void> {
    const { patienceMs } = this.#parts.limits;
    const request = await frames.next(AbortSignal.timeout(patienceMs));
    if (!request) throw new NetworkError('PEER_LOST', 'A stream came without a request');
    frames.send(await responder.answer(request));
    await frames.stream.close({ signal: AbortSignal.timeout(patienceMs) });
  }

  /** A busy peer has to ask again later; one that does not slow down at all is excessive. */
  #admit({ underWay, rate, refusals }: Account): void {
    if (underWay <= this.#parts.limits.requestsUnderWay && rate.take()) return;
    throw refusals.take()
      ? new NetworkError('PEER_UNWANTED', 'Too many requests at once')
      : new NetworkError('PEER_EXCESSIVE', 'Requests go on and on coming faster than they are answered');
  }

  #accountOf(peer: string): Account {
    const known = this.#peers.get(peer);
    if (known) return known;
    const { requestsPerSecond } = this.#parts.limits;
    const account = { underWay: 0, rate: new Rate(requestsPerSecond), refusals: new Rate(requestsPerSecond) };
    this.#peers.set(peer, account);
    return account;
  }
}

export interface Request {
  readonly protocol: string;
  readonly body: Uint8Array;
  readonly maxResponseBytes: number;
  readonly signal: AbortSignal;
}

/** Asks a peer. Rejects with NetworkError (PEER_TIMEOUT, PEER_LOST, PEER_EXCESSIVE, PEER_MALFORMED). */
export async function ask(connection: Connection, request: Request): Promise<Uint8Array> {
  const { protocol, body, signal, maxResponseBytes } = request;
  const stream = await openStream(connection, protocol, signal);
  try {
    const frames = new Frames(stream, maxResponseBytes);
    frames.send(body);
    await stream.close({ signal });
    const response = await frames.next(signal);
    if (response) return response;
    throw new NetworkError('PEER_LOST', `The peer ended ${protocol} without an answer`);
  } catch (error) {
    throw error instanceof NetworkError ? error : lost(protocol, error);
  } finally {
    abortStream(stream, new NetworkError('PEER_LOST', 'The exchange is over'));
  }
}

/** Opens a stream. Rejects with PEER_TIMEOUT or PEER_LOST. */
export async function openStream(
  connection: Connection,
  protocol: string,
  signal: AbortSignal,
): Promise<Stream> {
  try {
    return await connection.newStream(protocol, { signal });
  } catch (error) {
    throw signal.aborted
      ? new NetworkError('PEER_TIMEOUT', `The peer did not open ${protocol} in time`, { cause: error })
      : lost(protocol, error);
  }
}

const lost = (protocol: string, cause: unknown): NetworkError =>
  new NetworkError('PEER_LOST', `${protocol} failed: ${asError(cause).message}`, { cause });
