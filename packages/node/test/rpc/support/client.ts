import { WebSocket } from 'ws';

export interface RpcFailure {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

interface Message {
  readonly id?: number | string | null;
  readonly method?: string;
  readonly result?: unknown;
  readonly error?: RpcFailure;
  readonly params?: { readonly subscription: string; readonly result: unknown };
}

export interface Notification<T = unknown> {
  readonly method: string;
  readonly subscription: string;
  readonly result: T;
}

/** A client that knows nothing of the chain: sends JSON, waits for JSON. */
export class TestClient {
  readonly socket: WebSocket;
  /** Everything received, in order, as it came. */
  readonly received: (Message | Message[])[] = [];
  readonly #waiting: { matches: (message: Message | Message[]) => boolean; done: () => void }[] = [];
  #nextId = 1;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.setMaxListeners(0);
    socket.on('message', (data) => {
      this.received.push(JSON.parse((data as Buffer).toString('utf8')) as Message | Message[]);
      for (const wait of [...this.#waiting]) if (this.received.some(wait.matches)) wait.done();
    });
  }

  static async connect(port: number, headers: Record<string, string> = {}): Promise<TestClient> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}`, { headers });
    const client = new TestClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return client;
  }

  async call<T = unknown>(method: string, params: unknown = []): Promise<T> {
    const answer = await this.#request(method, params);
    if (answer.error) throw new Error(`${method}: ${JSON.stringify(answer.error)}`);
    return answer.result as T;
  }

  async fails(method: string, params: unknown = []): Promise<RpcFailure> {
    const answer = await this.#request(method, params);
    if (!answer.error) throw new Error(`${method} answered ${JSON.stringify(answer.result)}`);
    return answer.error;
  }

  /** Sends text as it is and answers the message number `index` that comes after it. */
  async raw(text: string): Promise<Message | Message[]> {
    const before = this.received.length;
    this.socket.send(text);
    await this.#until((message) => this.received.indexOf(message) >= before);
    const answer = this.received[before];
    if (!answer) throw new Error('No answer');
    return answer;
  }

  notifications<T = unknown>(subscription?: string): Notification<T>[] {
    return this.received
      .filter((message): message is Message => !Array.isArray(message) && message.params !== undefined)
      .map(({ method, params }) => ({
        method: method ?? '',
        subscription: params?.subscription ?? '',
        result: params?.result as T,
      }))
      .filter((each) => subscription === undefined || each.subscription === subscription);
  }

  /** Results of the first `count` notifications of a subscription, waiting for them. */
  async results<T = unknown>(subscription: string, count: number): Promise<T[]> {
    await this.#until(() => this.notifications(subscription).length >= count);
    return this.notifications<T>(subscription).map(({ result }) => result);
  }

  /** The first notification of a subscription whose `event` is this one. */
  async event<T = unknown>(subscription: string, event: string, index = 0): Promise<T> {
    const found = (): unknown[] =>
      this.notifications<{ event: string }>(subscription)
        .map(({ result }) => result)
        .filter((result) => result.event === event);
    await this.#until(() => found().length > index);
    return found()[index] as T;
  }

  async closed(): Promise<number> {
    if (this.socket.readyState === WebSocket.CLOSED) return 0;
    return new Promise((resolve) => this.socket.once('close', resolve));
  }

  async close(): Promise<void> {
    const closed = this.closed();
    this.socket.close();
    await closed;
  }

  async #request(method: string, params: unknown): Promise<Message> {
    const id = this.#nextId;
    this.#nextId += 1;
    this.socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    const isAnswer = (message: Message | Message[]): boolean => !Array.isArray(message) && message.id === id;
    await this.#until(isAnswer);
    return this.received.find(isAnswer) as Message;
  }

  async #until(matches: (message: Message | Message[]) => boolean): Promise<void> {
    if (this.received.some(matches)) return;
    await new Promise<void>((resolve, reject) => {
      const gone = (): void => reject(new Error('The server closed the connection'));
      const wait = {
        matches,
        done: () => {
          this.#waiting.splice(this.#waiting.indexOf(wait), 1);
          this.socket.off('close', gone);
          resolve();
        },
      };
      this.#waiting.push(wait);
      this.socket.once('close', gone);
    });
  }
}
