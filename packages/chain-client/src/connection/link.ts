import { ApiPromise } from '#polkadot/api';
import type { WsProvider } from '@polkadot/api';
import { ChainError, ChainUnreachable, textOf } from '../errors.ts';
import { within } from '../signals.ts';
import type { Patience } from '../signals.ts';
import { quietMethods } from './quiet-rpc.ts';
import { translate } from './rpc-errors.ts';
import { open, socketFor, unreachable } from './socket.ts';

export type LinkState = 'connected' | 'reconnecting' | 'closed';

const CONNECT_TIMEOUT_MS = 15_000;
const READ_TIMEOUT_MS = 30_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

/** Connects for the first time. Throws `CHAIN_URL_INVALID`, `CHAIN_UNREACHABLE` or `CHAIN_TIMEOUT`. */
export async function openLink(url: string, patience: Patience): Promise<Link> {
  const socket = socketFor(url);
  const limited = { signal: patience.signal, timeoutMs: patience.timeoutMs ?? CONNECT_TIMEOUT_MS };
  await open(socket, url, limited);
  try {
    const options = { noInitWarn: true, throwOnConnect: true, rpc: quietMethods() };
    const api = new ApiPromise({ provider: socket, ...options });
    await within(api.isReadyOrError, limited, `Reading the metadata of the chain at ${url}`);
    return new Link(url, socket, api);
  } catch (error) {
    await socket.disconnect();
    throw error instanceof ChainError || patience.signal?.aborted ? error : unreachable(url, error);
  }
}

/** A connection that comes back by itself, with its subscriptions, until it is closed. */
export class Link {
  readonly url: string;
  readonly api: ApiPromise;
  readonly genesisHash: `0x${string}`;
  readonly #socket: WsProvider;
  readonly #listeners = new Set<(state: LinkState) => void>();
  readonly #closing = new AbortController();
  readonly #closed = Promise.withResolvers<ChainError | undefined>();
  #state: LinkState = 'connected';

  constructor(url: string, socket: WsProvider, api: ApiPromise) {
    this.url = url;
    this.api = api;
    this.genesisHash = api.genesisHash.toHex();
    this.#socket = socket;
    socket.on('disconnected', () => this.#onDisconnect());
    if (!socket.isConnected) this.#onDisconnect();
  }

  get state(): LinkState {
    return this.#state;
  }

  /** Settles when the link is closed: with undefined when asked to, with the reason otherwise. */
  get closed(): Promise<ChainError | undefined> {
    return this.#closed.promise;
  }

  /** Calls the listener on every change from now on; hands back what removes it. */
  onState(listener: (state: LinkState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Asks the chain, waiting for a lost connection to come back within the time allowed (30 s unless told). */
  async read<T>(what: string, work: (api: ApiPromise) => Promise<T>, patience: Patience = {}): Promise<T> {
    const limited = { signal: patience.signal, timeoutMs: patience.timeoutMs ?? READ_TIMEOUT_MS };
    try {
      return await within(
        this.#whenConnected().then(() => work(this.api)),
        limited,
        what,
      );
    } catch (error) {
      if (error instanceof ChainError || patience.signal?.aborted) throw error;
      throw translate(what, this.url, error);
    }
  }

  /**
   * A plain JSON-RPC call. The library's own way hands calls that are under way to whoever asks the same, takes nonces
   * from state instead of from the pool, and writes every refusal to the console.
   */
  request(what: string, method: string, params: unknown[], patience: Patience = {}): Promise<unknown> {
    return this.read(what, () => this.#socket.send(method, params), patience);
  }

  /** Sends a transaction and follows its status until the connection breaks. Throws what the node or socket says. */
  async watchTransaction(hex: string, onStatus: (status: unknown) => void): Promise<() => void> {
    const update = 'author_extrinsicUpdate';
    const id = await this.#socket.subscribe(
      update,
      'author_submitAndWatchExtrinsic',
      [hex],
      (error, status: unknown) => {
        if (error === null) onStatus(status);
      },
    );
    return () => void this.#socket.unsubscribe(update, 'author_unwatchExtrinsic', id).catch(() => undefined);
  }

  /** Closes for good. */
  async close(): Promise<void> {
    await this.#end(undefined);
  }

  #whenConnected(): Promise<void> {
    if (this.#state === 'connected') return Promise.resolve();
    return new Promise((resolve, reject) => {
      const check = (state: LinkState): void => {
        if (state === 'reconnecting') return;
        remove();
        if (state === 'connected') resolve();
        else reject(new ChainUnreachable(`The connection to ${this.url} is closed.`));
      };
      const remove = this.onState(check);
      check(this.#state);
    });
  }

  #onDisconnect(): void {
    if (this.#state !== 'connected') return;
    this.#enter('reconnecting');
    this.#reconnect().catch((error: unknown) => {
      const gone = error instanceof ChainError ? error : unreachable(this.url, error);
      return this.#end(gone);
    });
  }

  async #reconnect(): Promise<void> {
    const { signal } = this.#closing;
    for (let pause = FIRST_PAUSE_MS; !signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      await sleep(pause, signal);
      const up = await this.#tryOnce(signal);
      if (up) return this.#enter('connected');
    }
  }

  async #tryOnce(signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return false;
    try {
      await open(this.#socket, this.url, { signal, timeoutMs: CONNECT_TIMEOUT_MS });
      await this.#sameChain();
      return true;
    } catch (error) {
      if (error instanceof ChainError && error.code === 'CHAIN_REPLACED') throw error;
      return false;
    }
  }

  /** A development chain that starts afresh has the same address and another genesis. */
  async #sameChain(): Promise<void> {
    const hash: unknown = await this.#socket.send('chain_getBlockHash', [0]);
    if (hash === this.genesisHash) return;
    const message = `The node at ${this.url} serves another chain than before (genesis ${textOf(hash)}). Start again.`;
    throw new ChainError('CHAIN_REPLACED', message, { fault: 'transient' });
  }

  #enter(state: LinkState): void {
    if (this.#state === 'closed' || this.#state === state) return;
    this.#state = state;
    this.#listeners.forEach((listener) => listener(state));
  }

  async #end(reason: ChainError | undefined): Promise<void> {
    if (this.#state === 'closed') return;
    this.#enter('closed');
    this.#closing.abort();
    await this.api.disconnect();
    this.#closed.resolve(reason);
  }
}

/** Ends early, without an error, when the signal aborts. */
function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
