import { setTimeout as delay } from 'node:timers/promises';

/** Makes the blocks of a node that makes none by itself (`--manual-seal`), and sets the time of the chain forward. */
export class BlockMaker {
  readonly #rpcPort: number;
  #stop = new AbortController();
  #making: Promise<void> = Promise.resolve();

  constructor(rpcPort: number) {
    this.#rpcPort = rpcPort;
  }

  /** A block, and another one this long after it, until `pause`. */
  goOn(everyMs: number): void {
    const { signal } = (this.#stop = new AbortController());
    const make = async (): Promise<void> => {
      while (!signal.aborted) {
        await this.block();
        await delay(everyMs, undefined, { signal }).catch(() => undefined);
      }
    };
    this.#making = make();
    this.#making.catch(() => undefined);
  }

  /** Resolves when no further block comes. */
  async pause(): Promise<void> {
    this.#stop.abort();
    await this.#making;
  }

  async block(): Promise<void> {
    await this.#call('dev_newBlock', []);
  }

  /** The next block is made at this time, ms since 1970. */
  async travel(time: number): Promise<void> {
    await this.#call('dev_timeTravel', [time]);
  }

  async #call(method: string, params: unknown[]): Promise<void> {
    const response = await fetch(`http://127.0.0.1:${this.#rpcPort}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      signal: AbortSignal.timeout(20_000),
    });
    const { error } = (await response.json()) as { error?: { message: string } };
    if (error) throw new Error(`${method}: ${error.message}`);
  }
}
