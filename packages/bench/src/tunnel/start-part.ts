import { fork } from 'node:child_process';
import { once } from 'node:events';
import { BenchError } from '../errors.ts';

// Hundreds of clients that shake hands one after the other, on a host that may be busy.
const START_MS = 600_000;
const ANSWER_MS = 60_000;
const STOP_MS = 20_000;

/** A running process of `parts/`. */
export interface Part<R> {
  /** What it said when it was ready. */
  readonly ready: R;
  ask<T>(): Promise<T>;
  stop(): Promise<void>;
}

export interface PartOptions {
  readonly init: unknown;
  /** Arguments of Node.js itself. */
  readonly nodeArgs?: readonly string[];
}

/** Starts one of `parts/` by its name and waits until it is ready. */
export async function startPart<R>(name: string, { init, nodeArgs = [] }: PartOptions): Promise<Part<R>> {
  const script = new URL(`./parts/${name}.ts`, import.meta.url);
  const child = fork(script, { execArgv: [...nodeArgs], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const exited = once(child, 'exit');

  async function answer<T>(ms: number): Promise<T> {
    const ended = exited.then(([code]) => {
      throw new BenchError('BENCH_PROCESS', `The process "${name}" ended with ${String(code)}`);
    });
    const [message] = await Promise.race([
      once(child, 'message', { signal: AbortSignal.timeout(ms) }),
      ended,
    ]);
    return message as T;
  }

  child.send(init as object);
  try {
    const ready = await answer<R>(START_MS);
    return {
      ready,
      ask<T>() {
        const answered = answer<T>(ANSWER_MS);
        child.send('ask');
        return answered;
      },
      async stop() {
        // It ends by itself then, and so leaves its CPU profile.
        if (child.connected) child.disconnect();
        const deadline = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
        await exited;
        clearTimeout(deadline);
      },
    };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}
