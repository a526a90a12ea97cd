import { once } from 'node:events';
import { WebSocket } from 'ws';
import { BenchError } from '../errors.ts';

interface Answer {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string; readonly data?: unknown };
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

const CALL_TIMEOUT_MS = 60_000;

/** JSON-RPC over one WebSocket, with nothing on top that would cost time. */
export class RpcClient {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, Waiting>();
  #next = 1;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.#settle(JSON.parse(data.toString()) as Answer));
    socket.on('close', () => this.#abandon());
    socket.on('error', () => this.#abandon());
  }

  static async connect(url: string): Promise<RpcClient> {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    await once(socket, 'open', { signal: AbortSignal.timeout(30_000) });
    return new RpcClient(socket);
  }

  async call<T>(method: string, params: readonly unknown[] = []): Promise<T> {
    const id = this.#next++;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { resolve, reject });
    const timer = setTimeout(() => reject(failed(`${method} was not answered in time`)), CALL_TIMEOUT_MS);
    this.#socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    try {
      return (await promise) as T;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(id);
    }
  }

  close(): void {
    this.#socket.close();
  }

  #settle({ id, result, error }: Answer): void {
    if (id === undefined) return;
    const waiting = this.#waiting.get(id);
    if (error) waiting?.reject(failed(`${error.message}: ${String(error.data ?? '')}`));
    else waiting?.resolve(result);
  }

  #abandon(): void {
    for (const { reject } of this.#waiting.values()) reject(failed('the node hung up'));
  }
}

const failed = (why: string): BenchError => new BenchError('BENCH_PROCESS', `RPC: ${why}`);
