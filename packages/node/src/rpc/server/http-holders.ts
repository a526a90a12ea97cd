import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { HeldBytes, Holder } from './held-bytes.ts';

/** What is kept for one HTTP connection: the bodies of requests that are not whole yet, and answers that are not read yet. */
class HttpHolder implements Holder {
  readonly responses = new Set<ServerResponse>();
  readonly #socket: Socket;
  /** Bytes that had come when the last of its requests was whole. */
  whole = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  held(): number {
    let bytes = this.#socket.bytesRead - this.whole;
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
  readonly #holders = new WeakMap<Socket, HttpHolder>();

  constructor(bytes: HeldBytes) {
    this.#bytes = bytes;
  }

  /** Counts an answer from the beginning of its request until it has gone. */
  watch(response: ServerResponse): void {
    const { req: request } = response;
    const holder = this.#of(request.socket);
    holder.responses.add(response);
    request.once('end', () => (holder.whole = request.socket.bytesRead));
    response.once('close', () => holder.responses.delete(response));
  }

  #of(socket: Socket): HttpHolder {
    const known = this.#holders.get(socket);
    if (known) return known;
    const holder = new HttpHolder(socket);
    this.#holders.set(socket, holder);
    socket.once('close', this.#bytes.add(holder));
    return holder;
  }
}
