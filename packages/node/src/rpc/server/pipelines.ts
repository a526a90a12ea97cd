import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Bounds how many requests a client may send on one connection before it has read their answers. */
export class Pipelines {
  readonly #max: number;
  readonly #unanswered = new WeakMap<Socket, number>();

  constructor(max: number) {
    this.#max = max;
  }

  /** Counts a request until its response has gone. Ends the connection of who sends too many at once, and answers false. */
  admits(socket: Socket, response: ServerResponse): boolean {
    const unanswered = (this.#unanswered.get(socket) ?? 0) + 1;
    if (unanswered > this.#max) {
      socket.destroy();
      return false;
    }
    this.#unanswered.set(socket, unanswered);
    response.once('close', () => this.#unanswered.set(socket, (this.#unanswered.get(socket) ?? 1) - 1));
    return true;
  }
}
