import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import type { RpcLimits, RpcLog } from '../context.ts';
import type { Dispatcher } from '../protocol/dispatcher.ts';
import type { Asker, WhenAnswered } from '../protocol/exchange.ts';
import { Session, type Transport } from '../protocol/session.ts';
import type { HeldBytes, Holder } from './held-bytes.ts';
import { shortFrame } from './short-frame.ts';
import type { Task, Turns } from '../../turns.ts';

export interface ConnectionInit {
  readonly dispatcher: Dispatcher;
  readonly limits: RpcLimits;
  readonly log: RpcLog;
  /** In which the requests of all connections are answered. */
  readonly turns: Turns;
  /** Told of all that comes and is answered. */
  readonly held: HeldBytes;
}

/** Bytes that are gathered before they are sent. */
const GATHERED = 64 * 1024;

/** Pings in a row that a client may leave unanswered, as with Substrate. */
const MISSED_PINGS = 3;

/** One WebSocket client: reads requests, writes answers and notifications, keeps both within bounds. */
export class Connection implements Transport, Holder {
  readonly #socket: WebSocket;
  /** What the socket writes into. */
  readonly #stream: Duplex;
  readonly #init: ConnectionInit;
  readonly #session: Session;
  readonly #asker: Asker;
  #inFlight = 0;
  #inFlightBytes = 0;
  /** Of answers that are not whole yet, and of blocks that its subscriptions have yet to be told of. */
  #gathered = 0;
  /** Bytes that had come when the last of its messages was whole. */
  #whole = 0;
  #gathering = false;
  /** Short frames that the stream has yet to be given, as latin1. */
  #frames = '';
  /** Pings since it was last heard of. */
  #unanswered = 0;

  constructor(socket: WebSocket, stream: Duplex, init: ConnectionInit) {
    this.#socket = socket;
    this.#stream = stream;
    this.#init = init;
    this.#session = new Session(this, init.limits.subscriptionsPerConnection);
    this.#asker = {
      session: this.#session,
      inTurn: (task) => init.turns.add(this, task),
      keeps: (bytes) => this.keeps(bytes),
    };
    stream.on('data', (piece: Uint8Array) => init.held.grew(piece.length));
    socket.on('message', (data) => this.#receive(data));
    socket.on('pong', () => (this.#unanswered = 0));
    socket.on('close', () => this.#close());
    // A broken connection closes right after; there is nobody to tell.
    socket.on('error', () => socket.terminate());
  }

  send(text: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#gather();
    const frame = shortFrame(text);
    if (frame !== undefined) this.#frames += frame;
    else this.#sendLong(text);
    this.#init.held.grew(text.length);
    const waiting = this.#unsent();
    if (waiting <= this.#init.limits.sendBufferBytes) return;
    this.#init.log.warn({ waiting }, 'Dropped an RPC client that does not read what it asked for');
    this.#socket.terminate();
  }

  keepsUp(): boolean {
    return this.#unsent() < this.#init.limits.pageBytes;
  }

  drained(): Promise<void> {
    this.#writeFrames();
    // An empty ping is sent behind everything else; its callback runs when it has left, or with an error when it never will.
    return new Promise((resolve) => {
      const taken = (error?: Error | null): void => (error ? undefined : resolve());
      this.#socket.ping(undefined, undefined, taken);
    });
  }

  inTurn(task: Task): void {
    this.#init.turns.add(this, task);
  }

  /** What came and was not answered yet, parts of messages and of answers among it, what is broadcast, and what was not read yet. */
  held(): number {
    const unanswered = this.#bytesRead() - this.#whole + this.#inFlightBytes + this.#gathered;
    return unanswered + this.#session.broadcastBytes + this.#unsent();
  }

  keeps(bytes: number): void {
    this.#gathered += bytes;
    if (bytes > 0) this.#init.held.grew(bytes);
  }

  /** What the client did not take yet. */
  #unsent(): number {
    return this.#frames.length + this.#socket.bufferedAmount;
  }

  #bytesRead(): number {
    return (this.#stream as Partial<Socket>).bytesRead ?? this.#whole;
  }

  #isFull(): boolean {
    const { requestsInFlight, requestBytes } = this.#init.limits;
    return this.#inFlight >= requestsInFlight || this.#inFlightBytes >= 2 * requestBytes;
  }

  /** Asks whether the client is there. Drops it if it has not answered the last times. */
  checkAlive(): void {
    if (this.#unanswered >= MISSED_PINGS) return this.#socket.terminate();
    this.#unanswered += 1;
    this.#socket.ping();
  }

  /** Says goodbye; `terminate` is for those that don't answer. */
  close(): void {
    this.#writeFrames();
    this.#socket.close(1001, 'The node is stopping');
  }

  terminate(): void {
    this.#socket.terminate();
  }

  /** What is sent before anything else runs leaves together: a system call for each answer costs more than many an answer. */
  #gather(): void {
    if (this.#gathering && this.#frames.length + this.#stream.writableLength < GATHERED) return;
    if (this.#gathering) this.#uncork();
    else process.nextTick(() => this.#release());
    this.#gathering = true;
    this.#stream.cork();
  }

  #release(): void {
    this.#gathering = false;
    this.#uncork();
  }

  #uncork(): void {
    this.#writeFrames();
    this.#stream.uncork();
  }

  #sendLong(text: string): void {
    this.#writeFrames();
    this.#socket.send(text);
  }

  #writeFrames(): void {
    const frames = this.#frames;
    if (frames === '') return;
    this.#frames = '';
    // Nothing may follow a goodbye.
    if (this.#socket.readyState === this.#socket.OPEN) this.#stream.write(frames, 'latin1');
  }

  /** What has not begun would open subscriptions that nobody ends. */
  #close(): void {
    this.#init.turns.forget(this);
    this.#session.close();
  }

  #receive(data: RawData): void {
    this.#unanswered = 0;
    this.#whole = this.#bytesRead();
    const bytes = toBytes(data);
    if (bytes.length > this.#init.limits.requestBytes) {
      this.send(this.#init.dispatcher.refuseTooLarge());
      // What came with it may be the client's goodbye, which is answered at once.
      return this.#writeFrames();
    }
    this.#inFlight += 1;
    this.#inFlightBytes += bytes.length;
    if (this.#isFull()) this.#socket.pause();
    this.#init.dispatcher.handle(bytes, this.#asker, this.#answered);
  }

  /** The same for all messages, of which there are many. */
  readonly #answered: WhenAnswered = (text, message) => {
    this.#inFlight -= 1;
    this.#inFlightBytes -= message.size;
    if (this.#socket.isPaused && !this.#isFull()) this.#socket.resume();
    if (text !== undefined) this.send(text);
    message.sent();
  };
}

function toBytes(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}
