import type { Connection, Libp2p, Stream } from '@libp2p/interface';
import { asError, NetworkError } from '../errors.ts';
import type { NetworkLimits } from '../limits.ts';
import { oneSlice } from '../../slices.ts';
import { Turns } from '../../turns.ts';
import { Rate } from '../rate.ts';
import { abortStream, Frames } from './frames.ts';
import type { Holdings } from './holdings.ts';

/** One request for one response: what this side answers. */
export interface Responder {
  readonly protocol: string;
  readonly maxRequestBytes: number;
  /** In steps where it may take long. What it throws ends the stream without an answer. */
  answer(request: Uint8Array, peer: string): Uint8Array | Generator<void, Uint8Array>;
}

export interface ResponderParts {
  readonly libp2p: Libp2p;
  readonly limits: NetworkLimits;
  readonly holdings: Holdings;
  /** Told of everything that went wrong; decides whether the peer has to go. */
  readonly onFailure: (peer: string, error: unknown) => void;
}

/** What a peer has asked lately. */
interface Account {
  underWay: number;
  readonly rate: Rate;
  readonly refusals: Rate;
  /** Time spent on answers, in ms. */
  readonly work: Rate;
}

interface Exchange {
  readonly frames: Frames;
  readonly peer: string;
  readonly account: Account;
}

const refusal = ({ refusals }: Account): NetworkError =>
  refusals.take()
    ? new NetworkError('PEER_UNWANTED', 'Too many requests at once')
    : new NetworkError('PEER_EXCESSIVE', 'Requests go on and on coming faster than they are answered');

/** Answers requests of all peers, each within bounds of its own. */
export class RequestServer {
  readonly #parts: ResponderParts;
  readonly #peers = new Map<string, Account>();
  readonly #work: Rate;
  readonly #turns = new Turns();

  constructor(parts: ResponderParts) {
    this.#parts = parts;
    this.#work = new Rate(parts.limits.workPerSecondMs[1]);
    parts.libp2p.addEventListener('peer:disconnect', ({ detail }) => this.#peers.delete(detail.toString()));
  }

  async serve(responder: Responder): Promise<void> {
    await this.#parts.libp2p.handle(
      responder.protocol,
      (stream, connection) => this.#onStream(responder, stream, connection),
      { maxInboundStreams: this.#parts.limits.requestsUnderWay * 2 },
    );
  }

  async #onStream(responder: Responder, stream: Stream, connection: Connection): Promise<void> {
    // Of one that has gone, nobody would hear again: what is noted of it would stay.
    if (connection.status !== 'open') return abortStream(stream, lost(responder.protocol, connection.status));
    const peer = connection.remotePeer.toString();
    // Listens before anything else: a request may have come with the stream.
    const frames = new Frames(stream, responder.maxRequestBytes, this.#parts.holdings);
    const account = this.#accountOf(peer);
    account.underWay += 1;
    try {
      this.#admit(account);
      await this.#exchange(responder, { frames, peer, account });
    } catch (error) {
      abortStream(stream, error);
      this.#parts.onFailure(peer, error);
    } finally {
      account.underWay -= 1;
      this.#parts.holdings.release(stream);
    }
  }

  async #exchange(responder: Responder, { frames, peer, account }: Exchange): Promise<void> {
    const { holdings, limits } = this.#parts;
    const { patienceMs } = limits;
    const request = await frames.next(AbortSignal.timeout(patienceMs));
    if (!request) throw new NetworkError('PEER_LOST', 'A stream came without a request');
    const answer = await this.#answer(responder, request, { frames, peer, account });
    frames.send(answer);
    holdings.hold(frames.stream, answer.length);
    await frames.stream.close({ signal: AbortSignal.timeout(patienceMs) });
  }

  async #answer(responder: Responder, request: Uint8Array, exchange: Exchange): Promise<Uint8Array> {
    const { frames, peer, account } = exchange;
    const answer = this.#counted(account, () => responder.answer(request, peer));
    if (answer instanceof Uint8Array) return answer;
    const steps = this.#ifThereIsTime(account, answer);
    const slice = (): IteratorResult<void, Uint8Array> => {
      const { status } = frames.stream;
      if (status !== 'open') throw lost(responder.protocol, status);
      return this.#counted(account, () => oneSlice(steps));
    };
    return this.#turns.finish(peer, slice).finally(() => steps.return(new Uint8Array()));
  }

  /** The same steps; answers to earlier requests may have taken all the time when it is their turn. */
  *#ifThereIsTime<T>(account: Account, steps: Generator<void, T>): Generator<void, T> {
    if (this.#isOverdrawn(account)) throw refusal(account);
    return yield* steps;
  }

  /** What an answer costs is counted, whatever was asked for: the work of all is bounded, and that of each. */
  #counted<T>(account: Account, work: () => T): T {
    const begun = performance.now();
    try {
      return work();
    } finally {
      const took = performance.now() - begun;
      account.work.spend(took);
      this.#work.spend(took);
    }
  }

  /** A busy peer has to ask again later; one that does not slow down at all is excessive. */
  #admit(account: Account): void {
    const isTooMuch = account.underWay > this.#parts.limits.requestsUnderWay || !account.rate.take();
    if (isTooMuch || this.#isOverdrawn(account)) throw refusal(account);
  }

  #isOverdrawn({ work }: Account): boolean {
    return work.isOverdrawn() || this.#work.isOverdrawn();
  }

  #accountOf(peer: string): Account {
    const known = this.#peers.get(peer);
    if (known) return known;
    const {
      requestsPerSecond,
      workPerSecondMs: [each],
    } = this.#parts.limits;
    const account = {
      underWay: 0,
      rate: new Rate(requestsPerSecond),
      refusals: new Rate(requestsPerSecond),
      work: new Rate(each),
    };
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
