import type { Connection, Libp2p, Stream } from '@libp2p/interface';
import { NetworkError } from '../errors.ts';
import { MESSAGE_BYTES, type NetworkLimits } from '../limits.ts';
import { Rate } from '../rate.ts';
import { abortStream, Frames } from './frames.ts';
import type { Holdings } from './holdings.ts';
import { openStream } from './requests.ts';

/**
 * Messages without answers, as Substrate's notification protocols: a stream for each direction. Whoever opens one sends its
 * handshake, the other side answers with its own, and then only the opener speaks.
 */
export interface NotificationProtocol {
  readonly protocol: string;
  readonly maxBytes: number;
  handshake(): Uint8Array;
  /** Looks at the peer's handshake; throws to turn it away. */
  greet(peer: string, handshake: Uint8Array, connection: Connection): void;
  /** The way to the peer is open: what there is to say first. */
  onOpen(peer: string, send: (message: Uint8Array) => void): void;
  onMessage(peer: string, message: Uint8Array, send: (message: Uint8Array) => void): void | Promise<void>;
  /** Nothing is open any more, in either direction. */
  onGone(peer: string): void;
}

export interface NotifierParts {
  readonly libp2p: Libp2p;
  readonly limits: NetworkLimits;
  readonly holdings: Holdings;
  /** Aborts when the network stops. */
  readonly signal: AbortSignal;
  readonly onFailure: (peer: string, error: unknown) => void;
}

interface Links {
  inbound?: Stream;
  /** Undefined while it is being opened. */
  outbound?: Frames | undefined;
  opening: boolean;
}

/** One notification protocol with all of the peers that speak it. */
export class Notifier {
  readonly #parts: NotifierParts;
  readonly #definition: NotificationProtocol;
  readonly #links = new Map<string, Links>();

  constructor(parts: NotifierParts, definition: NotificationProtocol) {
    this.#parts = parts;
    this.#definition = definition;
  }

  async start(): Promise<void> {
    await this.#parts.libp2p.handle(
      this.#definition.protocol,
      (stream, connection) => this.#onStream(stream, connection),
      { maxInboundStreams: 2 },
    );
  }

  /** Opens the way to a peer unless it is open. What goes wrong is told to `onFailure`. */
  async open(connection: Connection): Promise<void> {
    const peer = connection.remotePeer.toString();
    const links = this.#linksOf(peer);
    if (links.outbound || links.opening) return;
    links.opening = true;
    try {
      links.outbound = await this.#shakeHands(connection);
      links.outbound.stream.addEventListener('close', () => this.#onOutboundClosed(peer, links));
      this.#definition.onOpen(peer, (message) => void this.send(peer, message));
    } catch (error) {
      this.#parts.onFailure(peer, error);
    } finally {
      links.opening = false;
      this.#tidy(peer, links);
    }
  }

  /** False when there is no way to the peer; a peer that does not read is dropped. */
  send(peer: string, message: Uint8Array): boolean {
    const outbound = this.#links.get(peer)?.outbound;
    if (!outbound) return false;
    try {
      outbound.send(message, this.#parts.limits.unreadGossip);
      return true;
    } catch (error) {
      abortStream(outbound.stream, error);
      this.#parts.onFailure(peer, error);
      return false;
    }
  }

  isOpen(peer: string): boolean {
    return this.#links.get(peer)?.outbound !== undefined;
  }

  async #shakeHands(connection: Connection): Promise<Frames> {
    const { protocol, handshake, greet } = this.#definition;
    const peer = connection.remotePeer.toString();
    const signal = this.#patience();
    const stream = await openStream(connection, protocol, signal);
    try {
      const frames = new Frames(stream, MESSAGE_BYTES.handshake);
      frames.send(handshake());
      const answer = await frames.next(signal);
      if (!answer) throw new NetworkError('PEER_UNWANTED', `The peer does not want ${protocol} from us`);
      greet(peer, answer, connection);
      return frames;
    } catch (error) {
      abortStream(stream, error);
      throw error;
    }
  }

  async #onStream(stream: Stream, connection: Connection): Promise<void> {
    const peer = connection.remotePeer.toString();
    // Nothing big is kept for whoever has not introduced itself.
    const frames = new Frames(stream, MESSAGE_BYTES.handshake, this.#parts.holdings);
    try {
      await this.#answerHandshake(frames, connection);
      frames.limit(this.#definition.maxBytes);
      await this.#listenOn(stream, frames, connection);
      await stream.close({ signal: this.#patience() });
    } catch (error) {
      abortStream(stream, error);
      this.#parts.onFailure(peer, error);
      this.#tidy(peer, this.#linksOf(peer));
    }
  }

  async #answerHandshake(frames: Frames, connection: Connection): Promise<void> {
    const handshake = await frames.next(this.#patience());
    if (!handshake) throw new NetworkError('PEER_LOST', 'A stream came without a handshake');
    this.#definition.greet(connection.remotePeer.toString(), handshake, connection);
    frames.send(this.#definition.handshake());
  }

  async #listenOn(stream: Stream, frames: Frames, connection: Connection): Promise<void> {
    const peer = connection.remotePeer.toString();
    const links = this.#linksOf(peer);
    this.#replaceInbound(links, stream);
    void this.open(connection);
    try {
      await this.#listen(peer, frames);
    } finally {
      if (links.inbound === stream) delete links.inbound;
      // As in Substrate, a peer that stops speaking doesn't want to hear more either.
      if (!links.inbound)
        await links.outbound?.stream.close({ signal: this.#patience() }).catch(() => undefined);
      this.#tidy(peer, links);
    }
  }

  async #listen(peer: string, frames: Frames): Promise<void> {
    const rate = new Rate(this.#parts.limits.messagesPerSecond);
    for (;;) {
      const message = await frames.next(this.#parts.signal);
      if (!message) return;
      if (!rate.take()) throw new NetworkError('PEER_EXCESSIVE', 'Too many messages');
      await this.#definition.onMessage(peer, message, (answer) => void this.send(peer, answer));
    }
  }

  /** A peer that opens anew has lost the old stream. */
  #replaceInbound(links: Links, stream: Stream): void {
    const old = links.inbound;
    links.inbound = stream;
    if (old) abortStream(old, new NetworkError('PEER_LOST', 'The peer opened a new stream'));
  }

  #onOutboundClosed(peer: string, links: Links): void {
    links.outbound = undefined;
    this.#tidy(peer, links);
  }

  #linksOf(peer: string): Links {
    const known = this.#links.get(peer);
    if (known) return known;
    const links: Links = { opening: false };
    this.#links.set(peer, links);
    return links;
  }

  #tidy(peer: string, links: Links): void {
    const idle = !links.inbound && !links.outbound && !links.opening;
    if (!idle || this.#links.get(peer) !== links) return;
    this.#links.delete(peer);
    this.#definition.onGone(peer);
  }

  #patience(): AbortSignal {
    return AbortSignal.any([this.#parts.signal, AbortSignal.timeout(this.#parts.limits.patienceMs)]);
  }
}
