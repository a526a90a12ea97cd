import { Duplex } from 'node:stream';
import { PeerError } from '../errors.ts';
import type { Lane } from '../lane/lane.ts';
import { giveBack } from '../streams/give-back.ts';

const BUFFER = 256 * 1024;
/** How long the ends of a finished tunnel may take to close, in ms. */
const LINGER_MS = 5_000;

type Callback = (error?: Error | null) => void;

/**
 * A tunnel that begins on a stream and may go on by a lane. Each direction changes over by itself: its speaker says in the lane
 * after how many bytes of the stream, and its hearer reads the stream up to there first. So nothing is lost, repeated, or
 * heard out of order, and a lane that breaks before anybody spoke in it does no harm.
 *
 * The stream stays open beside the lane: it is what notices a lost connection and ends with the lease.
 */
export class TunnelDuplex extends Duplex {
  readonly #stream: Duplex;
  #busy: { readonly at: number; onBusy(): void } | undefined;
  #lane: Lane | undefined;
  /** The lane that is spoken in; undefined while that is the stream. */
  #out: Lane | undefined;
  #sent = 0;
  #received = 0;
  /** So many bytes come by the stream, all further ones by the lane; undefined while nobody knows. */
  #switchAt: number | undefined;
  #follows = false;
  #said = { all: false, received: false };
  #heard = { all: false, acknowledged: false };
  #waiting: { readonly on: Duplex | Lane; readonly callback: Callback } | undefined;
  #finishing: Callback | undefined;
  #ownsWrites = false;

  constructor(stream: Duplex) {
    super({ allowHalfOpen: true, highWaterMark: BUFFER });
    this.#stream = stream;
    stream.on('data', (bytes: Buffer) => this.#onStreamData(bytes));
    stream.on('end', () => this.#onStreamEnd());
    stream.on('drain', () => this.#onDrain(stream));
    stream.on('error', (error) => this.destroy(error));
    stream.on('close', () => this.#isOver() || this.destroy(lost()));
  }

  /** Calls back once, when so many more bytes have gone through the stream, in both directions together. */
  onceBusy(bytes: number, onBusy: () => void): void {
    this.#busy = { at: this.#sent + this.#received + bytes, onBusy };
  }

  /** Goes on by a lane. One end leads, and the other follows once it has heard the first in it. */
  goOn(lane: Lane, part: 'leads' | 'follows'): void {
    if (this.#lane || this.destroyed) return lane.destroy();
    this.#lane = lane;
    this.#follows = part === 'follows';
    lane.start({
      onSwitch: (offset) => this.#onSwitch(offset),
      onData: (bytes) => this.#onLaneData(bytes),
      onFinish: () => this.#onFinish(),
      onReceived: () => this.#onReceived(),
      onDrain: () => this.#onDrain(lane),
      onClose: () => this.#onLaneClose(),
    });
    if (!this.#follows) this.#speakIn(lane);
  }

  /** Nobody else uses what is written from now on, so its memory is given back as soon as it is sent. */
  ownWrites(): void {
    this.#ownsWrites = true;
  }

  /** Of all that is read, what follows after so many bytes has come by the lane, and is nobody else's; undefined while nothing has. */
  get laneFrom(): number | undefined {
    return this.#switchAt;
  }

  override _read(): void {
    if (this.#isHeardByLane()) this.#lane?.resume();
    this.#stream.resume();
  }

  override _write(bytes: Uint8Array, _encoding: BufferEncoding, callback: Callback): void {
    const on = this.#out ?? this.#stream;
    if (!this.#out) this.#sent += bytes.length;
    const more = this.#out
      ? this.#out.send(bytes, this.#ownsWrites ? () => giveBack(bytes) : undefined)
      : this.#stream.write(bytes);
    if (more) callback();
    else this.#waiting = { on, callback };
    this.#count();
  }

  override _final(callback: Callback): void {
    this.#said.all = true;
    if (this.#out) {
      this.#finishing = callback;
      this.#out.finish();
    } else {
      this.#stream.end(() => {
        this.#said.received = true;
        callback();
      });
    }
  }

  override _destroy(error: Error | null, callback: Callback): void {
    this.#waiting = undefined;
    if (error || !this.#isOver()) this.#abandon(error);
    else if (this.#lane) this.#linger();
    callback(error);
  }

  #onStreamData(bytes: Buffer): void {
    this.#received += bytes.length;
    if (this.#received > (this.#switchAt ?? Infinity)) return void this.destroy(broken());
    if (!this.push(bytes)) this.#stream.pause();
    if (this.#received === this.#switchAt) this.#lane?.resume();
    this.#count();
  }

  #onStreamEnd(): void {
    if (this.#switchAt === undefined) this.#hearEnd();
    else if (this.#received < this.#switchAt) this.destroy(lost());
  }

  #onSwitch(offset: number): void {
    if (this.#switchAt !== undefined || offset < this.#received) return void this.destroy(broken());
    this.#switchAt = offset;
    if (!this.#isHeardByLane()) this.#lane?.pause();
    if (this.#follows && this.#lane) this.#speakIn(this.#lane);
  }

  #isHeardByLane(): boolean {
    return this.#received === this.#switchAt;
  }

  #speakIn(lane: Lane): void {
    this.#out = lane;
    lane.switch(this.#sent);
    if (this.#said.all) lane.finish();
  }

  #onLaneData(bytes: Buffer): void {
    if (!this.#isHeardByLane() || this.#heard.all) return void this.destroy(broken());
    if (!this.push(bytes)) this.#lane?.pause();
  }

  #onFinish(): void {
    if (!this.#isHeardByLane() || this.#heard.acknowledged) return void this.destroy(broken());
    this.#heard.acknowledged = true;
    this.#lane?.acknowledge();
    this.#hearEnd();
    this.#closeLane();
  }

  #hearEnd(): void {
    if (this.#heard.all) return;
    this.#heard.all = true;
    this.push(null);
  }

  /** Only now may our side of the stream end: an end that outran the switch would be taken for the tunnel's. */
  #onReceived(): void {
    if (!this.#said.all) return void this.destroy(broken());
    this.#said.received = true;
    this.#stream.end();
    this.#finishing?.();
    this.#finishing = undefined;
    this.#closeLane();
  }

  #closeLane(): void {
    if (this.#said.received && this.#heard.acknowledged) this.#lane?.end();
  }

  #onLaneClose(): void {
    const unused = !this.#out && this.#switchAt === undefined;
    if (unused) this.#lane = undefined;
    else if (!this.#isOver()) this.destroy(lost());
  }

  #onDrain(source: Duplex | Lane): void {
    if (this.#waiting?.on !== source) return;
    const { callback } = this.#waiting;
    this.#waiting = undefined;
    callback();
  }

  /** Both directions have come to their end, as far as this side can know. */
  #isOver(): boolean {
    return this.#said.received && this.#heard.all;
  }

  #count(): void {
    if (!this.#busy || this.#sent + this.#received < this.#busy.at) return;
    const { onBusy } = this.#busy;
    this.#busy = undefined;
    onBusy();
  }

  #abandon(error: Error | null): void {
    this.#stream.destroy(error ?? undefined);
    this.#lane?.destroy();
  }

  /** The other end may not have heard yet that all has arrived. */
  #linger(): void {
    const timer = setTimeout(() => this.#abandon(null), LINGER_MS).unref();
    this.#stream.once('close', () => clearTimeout(timer));
  }
}

function lost(): PeerError {
  return new PeerError('CONNECTION_LOST', "The tunnel's connection was lost");
}

function broken(): PeerError {
  return new PeerError('CONNECTION_LOST', 'The other end of the tunnel broke its rules');
}
