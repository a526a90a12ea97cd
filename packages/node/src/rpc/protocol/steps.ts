import { oneSlice } from '../../slices.ts';
import type { Task } from '../../turns.ts';
import { responseTooLarge } from './errors.ts';

/** Work with stops, at each of which it tells how many characters of its answer are gathered more. */
export type Steps<T> = Generator<number, T>;

/** For whom work is done, and where. */
export interface Worker {
  /** Has a task run when it is the asker's turn. */
  inTurn(task: Task): void;
  /** Told what is kept in memory for the asker, and with a negative number what is not any more. */
  keeps(bytes: number): void;
  /** Runs a task once the answer has been handed to the transport. */
  afterResponse(task: () => void): void;
}

/**
 * Goes through steps, a slice of them in each turn of the asker: what fits into one is answered at once. Throws, or rejects, with
 * `RpcError` -32008 as soon as the answer cannot be sent any more, so that nobody has the node gather what it will not send.
 */
export function inSteps<T>(steps: Steps<T>, worker: Worker, maxBytes: number): T | Promise<T> {
  let gathered = 0;
  worker.afterResponse(() => worker.keeps(-gathered));
  const gather = (characters: number): void => {
    gathered += characters;
    worker.keeps(characters);
    if (gathered > maxBytes) throw responseTooLarge(maxBytes);
  };
  const slice = (): IteratorResult<number, T> => oneSlice(steps, gather);
  const first = slice();
  if (first.done) return first.value;
  return new Promise<T>((resolve, reject) => {
    const goOn = (): void => {
      try {
        const next = slice();
        if (next.done) resolve(next.value);
        else worker.inTurn(() => void goOn());
      } catch (error) {
        reject(error as Error);
      }
    };
    worker.inTurn(() => void goOn());
  });
}

/** The same as a task whose next slice comes before whatever else waits, so that no more than one of a client is under way. */
export function stepsTask(steps: Steps<void>, failed: (error: unknown) => void): Task {
  const task: Task = () => {
    try {
      return oneSlice(steps).done ? undefined : task;
    } catch (error) {
      return void failed(error);
    }
  };
  return task;
}
