import { once } from 'node:events';
import { WebSocket } from 'ws';
import { BenchError } from '../errors.ts';

interface Answer {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string; readonly data?: unknown };
}

interface Notification {
  readonly method: string;
  readonly params: { readonly result: unknown };
}

export interface Subscription {
  /** Method that subscribes, without parameters, and that of what it is told then. */
  readonly subscribe: string;
  readonly notification: string;
  readonly timeoutMs: number;
}

interface Watching {
  readonly method: string;
  tell(result: unknown): void;
  reject(error: Error): void;
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
  readonly #watching = new Set<Watching>();
  #next = 1;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.#take(JSON.parse(data.toString()) as Answer | Notification));
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

  /**
   * Subscribes for as long as there is this client, and resolves with the first notification for which `wanted` holds. Rejects
   * when none came in time, and when the node hangs up.
   */
  async first<T>(
    { subscribe, notification, timeoutMs }: Subscription,
    wanted: (result: T) => boolean,
  ): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const tell = (result: unknown) => void (wanted(result as T) && resolve(result as T));
    const watching = { method: notification, tell, reject };
    // Before there is an answer: it may come together with the first notification.
    this.#watching.add(watching);
    const timer = setTimeout(() => reject(failed(`${notification} did not come in time`)), timeoutMs);
    try {
      const [found] = await Promise.all([promise, this.call(subscribe)]);
      return found;
    } finally {
      clearTimeout(timer);
      this.#watching.delete(watching);
    }
  }

  close(): void {
    this.#socket.close();
  }

  #take(message: Answer | Notification): void {
    if (!('method' in message)) return this.#settle(message);
    for (const { method, tell } of this.#watching) if (method === message.method) tell(message.params.result);
  }

  #settle({ id, result, error }: Answer): void {
    if (id === undefined) return;
    const waiting = this.#waiting.get(id);
    if (error) waiting?.reject(failed(`${error.message}: ${String(error.data ?? '')}`));
    else waiting?.resolve(result);
  }

  #abandon(): void {
    for (const { reject } of [...this.#waiting.values(), ...this.#watching])
      reject(failed('the node hung up'));
  }
}

const failed = (why: string): BenchError => new BenchError('BENCH_PROCESS', `RPC: ${why}`);
