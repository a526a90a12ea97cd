import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { RpcLimits } from '../context.ts';
import type { HeldBytes, Holder } from './held-bytes.ts';

/** What is kept for one HTTP connection: bodies that are not whole or not answered yet, answers that are not whole or not read yet. */
class HttpHolder implements Holder {
  readonly responses = new Set<ServerResponse>();
  readonly #socket: Socket;
  /** Bytes that had come when the last of its requests was whole. */
  whole = 0;
  /** Bytes of the whole bodies that are not answered yet. */
  unanswered = 0;
  /** Of answers that are not whole yet. */
  gathered = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  held(): number {
    let bytes = this.#socket.bytesRead - this.whole + this.unanswered + this.gathered;
    for (const response of this.responses) bytes += response.writableLength;
    return bytes;
  }

  terminate(): void {
    this.#socket.destroy();
  }
}

/** Has the HTTP connections counted with the others. */
export class HttpHolders {
  readonly #bytes: HeldBytes;
  readonly #maxUnanswered: number;
  readonly #holders = new WeakMap<Socket, HttpHolder>();
  readonly #removals = new WeakMap<Socket, () => void>();

  constructor(bytes: HeldBytes, { requestBytes }: Pick<RpcLimits, 'requestBytes'>) {
    this.#bytes = bytes;
    this.#maxUnanswered = 2 * requestBytes;
  }

  /** Counts an answer from the beginning of its request until it has gone. */
  watch(response: ServerResponse): void {
    const { req: request } = response;
    const holder = this.#of(request.socket);
    holder.responses.add(response);
    request.once('end', () => (holder.whole = request.socket.bytesRead));
    response.once('close', () => holder.responses.delete(response));
  }

  /**
   * Counts a whole body of so many bytes until its answer has gone. Ends the connection of who has more of them unanswered than two
   * of the longest requests have, and answers false.
   */
  admits(response: ServerResponse, bytes: number): boolean {
    const holder = this.#of(response.req.socket);
    holder.unanswered += bytes;
    response.once('close', () => (holder.unanswered -= bytes));
    // Where it came together with the one before, its pieces were taken for answered.
    this.grew(bytes);
    if (holder.unanswered <= this.#maxUnanswered) return true;
    holder.terminate();
    return false;
  }

  /** Counts what an answer takes that is not whole yet, or with a negative number does not take any more. */
  keeps(socket: Socket, bytes: number): void {
    this.#of(socket).gathered += bytes;
    if (bytes > 0) this.grew(bytes);
  }

  /** To be told of the pieces of bodies, and of answers. */
  grew(bytes: number): void {
    this.#bytes.grew(bytes);
  }

  /** Of one that goes on as a WebSocket, which counts for itself. */
  forget(socket: Socket): void {
    this.#removals.get(socket)?.();
  }

  #of(socket: Socket): HttpHolder {
    const known = this.#holders.get(socket);
    if (known) return known;
    const holder = new HttpHolder(socket);
    this.#holders.set(socket, holder);
    const remove = this.#bytes.add(holder);
    this.#removals.set(socket, remove);
    socket.once('close', remove);
    return holder;
  }
}
