import { Slices } from './slices.ts';

/** Must not throw. Answers what is to follow in the next turn of its source, before whatever else waits there. */
export type Task = () => Task | undefined;

/**
 * Tasks of several sources, one of each in turn, as many as fit into a slice in each turn of the event loop: who asks for little does
 * not wait behind those who ask for much. Those of one source keep their order.
 */
export class Turns {
  /** Sources with something to do; the next one comes first. */
  readonly #waiting = new Map<unknown, Task[]>();
  #scheduled = false;

  /** Runs `task` when the source has its turn. How many may wait is the caller's to bound. */
  add(source: unknown, task: Task): void {
    const tasks = this.#waiting.get(source);
    if (tasks) tasks.push(task);
    else this.#waiting.set(source, [task]);
    this.#schedule();
  }

  /** As `add`; what `task` answers or throws. */
  run<T>(source: unknown, task: () => T | Promise<T>): Promise<T> {
    return new Promise((resolve) => this.add(source, () => void resolve(outcome(task))));
  }

  /** Lets nothing begin any more of what that source has added. What `run` answers for it never settles. */
  forget(source: unknown): void {
    this.#waiting.delete(source);
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#work());
  }

  #work(): void {
    this.#scheduled = false;
    const slices = new Slices();
    for (const [source, tasks] of this.#waiting) {
      const more = tasks.shift()?.();
      if (more) tasks.unshift(more);
      this.#goToEnd(source, tasks);
      if (slices.isOver) break;
    }
    if (this.#waiting.size > 0) this.#schedule();
  }

  /** One that has more to do comes again behind the others, in the same loop. */
  #goToEnd(source: unknown, tasks: Task[]): void {
    const isForgotten = this.#waiting.get(source) !== tasks;
    if (isForgotten) return;
    this.#waiting.delete(source);
    if (tasks.length > 0) this.#waiting.set(source, tasks);
  }
}

const outcome = async <T>(task: () => T | Promise<T>): Promise<T> => task();
