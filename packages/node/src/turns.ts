import { Line } from './pool/line.ts';
import { Slices } from './slices.ts';

/** Must not throw. Answers what is to follow in the next turn of its source, before whatever else waits there. */
export type Task = () => Task | undefined;

/** What waits of one source. */
interface Queue {
  readonly source: unknown;
  readonly tasks: Task[];
  isForgotten: boolean;
}

/**
 * Tasks of several sources, one of each in turn, as many as fit into a slice in each turn of the event loop: who asks for little does
 * not wait behind those who ask for much. Those of one source keep their order.
 */
export class Turns {
  /** Sources with something to do. */
  readonly #waiting = new Map<unknown, Queue>();
  /** The same in the order of their turns. */
  readonly #order = new Line<Queue>();
  #scheduled = false;

  /** Runs `task` when the source has its turn. How many may wait is the caller's to bound. */
  add(source: unknown, task: Task): void {
    const queue = this.#waiting.get(source);
    if (queue) queue.tasks.push(task);
    else this.#begin({ source, tasks: [task], isForgotten: false });
    this.#schedule();
  }

  /** As `add`; what `task` answers or throws. */
  run<T>(source: unknown, task: () => T | Promise<T>): Promise<T> {
    return new Promise((resolve) => this.add(source, () => void resolve(outcome(task))));
  }

  /** Goes through work a slice in each turn of the source, whose other tasks wait for its end. Rejects with what a slice throws. */
  finish<T>(source: unknown, slice: () => IteratorResult<unknown, T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const task: Task = () => {
        try {
          const { done, value } = slice();
          if (!done) return task;
          resolve(value);
        } catch (error) {
          reject(error as Error);
        }
        return undefined;
      };
      this.add(source, task);
    });
  }

  /** Lets nothing begin any more of what that source has added. What `run` and `finish` answer for it never settles. */
  forget(source: unknown): void {
    const queue = this.#waiting.get(source);
    if (!queue) return;
    queue.isForgotten = true;
    queue.tasks.length = 0;
    this.#waiting.delete(source);
  }

  #begin(queue: Queue): void {
    this.#waiting.set(queue.source, queue);
    this.#order.push(queue);
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#work());
  }

  #work(): void {
    this.#scheduled = false;
    const slices = new Slices();
    for (let queue = this.#order.take(); queue; queue = this.#order.take()) {
      if (queue.isForgotten) continue;
      this.#turn(queue);
      if (slices.isOver) break;
    }
    if (this.#order.length > 0) this.#schedule();
  }

  /** One that has more to do comes again behind the others, in the same loop. */
  #turn(queue: Queue): void {
    const { source, tasks } = queue;
    const more = tasks.shift()?.();
    if (queue.isForgotten) return;
    if (more) tasks.unshift(more);
    if (tasks.length > 0) this.#order.push(queue);
    else this.#waiting.delete(source);
  }
}

const outcome = async <T>(task: () => T | Promise<T>): Promise<T> => task();
