import type { Duplex } from 'node:stream';
import { asError } from '../errors.ts';
import { bareFrame, dataHeader, FrameReader, switchFrame, type FrameHandler } from './frames.ts';

export interface LaneHandler extends FrameHandler {
  /** More may be sent, after `send` said that it was enough. */
  onDrain(): void;
  /** Always the last; the lane may have broken off anywhere. */
  onClose(): void;
}

/** Bytes that may wait to be encrypted and sent. */
const MOST_WAITING = 512 * 1024;

/** One end of an encrypted connection that carries what one tunnel says. Reads nothing before `start`. */
export class Lane {
  readonly #socket: Duplex;
  #paused = false;

  constructor(socket: Duplex) {
    this.#socket = socket;
    // Its closing says it all.
    socket.on('error', () => undefined);
  }

  start(handler: LaneHandler): void {
    const socket = this.#socket;
    const reader = new FrameReader(handler);
    socket.on('drain', () => handler.onDrain());
    socket.on('close', () => handler.onClose());
    socket.on('data', (bytes: Buffer) => {
      try {
        const unread = reader.read(bytes, () => !this.#paused && !socket.destroyed);
        if (unread.length > 0 && !socket.destroyed) socket.unshift(unread);
      } catch (error) {
        socket.destroy(asError(error));
      }
    });
    if (socket.closed) queueMicrotask(() => handler.onClose());
  }

  /** From here on we speak by the lane: `offset` bytes went by the stream. */
  switch(offset: number): void {
    this.#socket.write(switchFrame(offset));
  }

  /** false when no more should be sent until `onDrain`. Tells when the bytes are no longer needed. */
  send(bytes: Uint8Array, onSent?: () => void): boolean {
    const socket = this.#socket;
    socket.cork();
    socket.write(dataHeader(bytes.length));
    socket.write(bytes, onSent);
    socket.uncork();
    return !socket.writableNeedDrain || socket.writableLength < MOST_WAITING;
  }

  finish(): void {
    this.#socket.write(bareFrame('finish'));
  }

  acknowledge(): void {
    this.#socket.write(bareFrame('received'));
  }

  pause(): void {
    this.#paused = true;
    this.#socket.pause();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#socket.resume();
  }

  /** After what was sent; the other end does the same. */
  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }
}
