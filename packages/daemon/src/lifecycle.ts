import { DaemonError, sentenceOf } from './errors.ts';
import { withDeadline } from './timing.ts';

/** What a service is handed while it starts. */
export interface ServiceContext {
  /** Aborts when the process is asked to stop, also in the middle of a start. */
  readonly signal: AbortSignal;
  /** To be called when the service dies by itself later on; an essential one takes the process down. */
  readonly fail: (error: unknown) => void;
}

export interface Service<T> {
  readonly name: string;
  /** Resolves when the service serves; what it resolves to is handed back to the composition root. */
  start(context: ServiceContext): Promise<T> | T;
  /** Gives back what start took. The signal aborts at the deadline, after which nobody waits any more. */
  stop?(value: T, signal: AbortSignal): Promise<void> | void;
  /** Default true: the process cannot go on without it. */
  readonly essential?: boolean;
  /** In ms; Infinity for a start that ends by itself, or by the signal. Default: that of the lifecycle. */
  readonly startDeadlineMs?: number;
}

export interface LifecycleLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface LifecycleOptions {
  readonly log: LifecycleLog;
  /** For each service alone, in ms. Default 30 s. */
  readonly startDeadlineMs?: number;
  /** For all services together, in ms. Default 15 s. */
  readonly stopDeadlineMs?: number;
}

interface Running {
  readonly name: string;
  stop(signal: AbortSignal): Promise<void>;
}

const START_DEADLINE_MS = 30_000;
const STOP_DEADLINE_MS = 15_000;

/**
 * Starts services one after the other and stops them in reverse, whatever state the start was in.
 *
 * A composition root calls `start` once per service; the first one that throws ends the root, and `stop`
 * then undoes the ones before it.
 */
export class Lifecycle {
  readonly #options: LifecycleOptions;
  readonly #running: Running[] = [];
  readonly #stopping = new AbortController();
  readonly #death = Promise.withResolvers<DaemonError>();
  #stopped: Promise<void> | undefined;

  constructor(options: LifecycleOptions) {
    this.#options = options;
  }

  /** Aborts when `stop` is called. */
  get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Resolves with the reason when an essential service dies; never otherwise. */
  get died(): Promise<DaemonError> {
    return this.#death.promise;
  }

  /** Starts one service and hands back its value. Throws `SERVICE_START_FAILED`. */
  async start<T>(service: Service<T>): Promise<T> {
    this.signal.throwIfAborted();
    const { log, startDeadlineMs: usual = START_DEADLINE_MS } = this.#options;
    const { startDeadlineMs = usual } = service;
    const abandoned = new AbortController();
    const signal = AbortSignal.any([this.signal, abandoned.signal]);
    const fail = (error: unknown): void => this.#onDeath(service, error);
    const starting = Promise.resolve().then(() => service.start({ signal, fail }));
    this.#register(service, starting);
    try {
      const value = await withDeadline(() => starting, startDeadlineMs, this.signal);
      log.info({ service: service.name }, 'started');
      return value;
    } catch (cause) {
      abandoned.abort(cause);
      const message = `${service.name} did not start: ${sentenceOf(cause)}`;
      throw new DaemonError('SERVICE_START_FAILED', message, { cause, fault: 'transient' });
    }
  }

  /** From its first moment on: a start that nobody waits for any more may still succeed, and is undone then. */
  #register<T>(service: Service<T>, starting: Promise<T>): void {
    const running: Running = {
      name: service.name,
      stop: async (deadline) => service.stop?.(await starting, deadline),
    };
    this.#running.push(running);
    starting.catch(() => this.#running.splice(this.#running.indexOf(running), 1));
  }

  /** Stops everything in reverse order within the deadline. Never throws; may be called again. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stopAll();
    return this.#stopped;
  }

  async #stopAll(): Promise<void> {
    this.#stopping.abort(new DaemonError('STOPPING', 'The process is stopping.', { fault: 'transient' }));
    const deadline = AbortSignal.timeout(this.#options.stopDeadlineMs ?? STOP_DEADLINE_MS);
    for (const running of [...this.#running].reverse()) await this.#stopOne(running, deadline);
  }

  async #stopOne(running: Running, deadline: AbortSignal): Promise<void> {
    const { log } = this.#options;
    try {
      await withDeadline(() => running.stop(deadline), undefined, deadline);
      log.info({ service: running.name }, 'stopped');
    } catch (error) {
      log.warn({ service: running.name, reason: sentenceOf(error) }, 'did not stop cleanly');
    }
  }

  #onDeath(service: Pick<Service<unknown>, 'name' | 'essential'>, error: unknown): void {
    const { log } = this.#options;
    if (this.signal.aborted) return;
    if (service.essential === false) {
      log.warn({ service: service.name, reason: sentenceOf(error) }, 'died; going on without it');
      return;
    }
    log.error({ service: service.name, err: error }, 'died');
    this.#death.resolve(
      new DaemonError('SERVICE_DIED', `${service.name} died: ${sentenceOf(error)}`, {
        cause: error,
        fault: 'transient',
      }),
    );
  }
}
