import { NodeError } from './errors.ts';

/** So many imports may wait: one over it is told to come again. */
const MAX_WAITING = 256;

/** Runs one task after the other, in the order of the calls; one that fails holds up nobody. */
export class ImportQueue {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #stopped = false;

  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#waiting >= MAX_WAITING) {
      throw new NodeError(
        'NODE_BUSY',
        `${MAX_WAITING} blocks wait to be imported: send this one again later`,
      );
    }
    this.#waiting += 1;
    const mine = this.#last.then(() => {
      if (this.#stopped) throw new NodeError('NODE_CLOSED', 'The node stops: it takes no more blocks');
      return task();
    });
    this.#last = mine.catch(() => undefined);
    try {
      return await mine;
    } finally {
      this.#waiting -= 1;
    }
  }

  get isStopped(): boolean {
    return this.#stopped;
  }

  /** Begins no other task: all that wait are rejected with NODE_CLOSED. Resolves when the one under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#last;
  }
}
