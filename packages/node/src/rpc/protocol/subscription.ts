interface SubscriptionInit {
  readonly id: string;
  readonly event: string;
  send(text: string): void;
  /** Told what is kept in memory for the client, and with a negative number what is not any more. */
  keeps(bytes: number): void;
}

/** A stream of notifications to one client. */
export class Subscription {
  readonly id: string;
  /** The method of its notifications, such as `chain_newHead`. */
  readonly event: string;
  readonly #send: (text: string) => void;
  readonly #keeps: (bytes: number) => void;
  readonly #cleanups: (() => void)[] = [];
  #held: string[] | undefined = [];
  #ended = false;

  constructor(init: SubscriptionInit) {
    this.id = init.id;
    this.event = init.event;
    this.#send = init.send;
    this.#keeps = init.keeps;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Sends `result` to the client; nothing after the end. */
  notify(result: unknown): void {
    if (this.#ended) return;
    const params = { subscription: this.id, result };
    const text = JSON.stringify({ jsonrpc: '2.0', method: this.event, params });
    if (!this.#held) return this.#send(text);
    this.#held.push(text);
    this.#keeps(text.length);
  }

  /** The client knows the id: what was held back goes out, also when the subscription has ended meanwhile. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const text of held) {
      this.#keeps(-text.length);
      this.#send(text);
    }
  }

  /** Runs when the subscription ends, or at once if it has. */
  onEnd(cleanup: () => void): void {
    if (this.#ended) cleanup();
    else this.#cleanups.push(cleanup);
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const cleanup of this.#cleanups.splice(0)) cleanup();
  }
}
