import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Namespace } from './namespaces.ts';
import type { Init, Result, Task } from './tasks.ts';

const SCRIPT = fileURLToPath(new URL('./peer-process.ts', import.meta.url));

/** A process inside a namespace. */
export interface Peer {
  /** Has it do something and waits for the answer; rejects when it fails or ends. */
  ask<T extends Task>(task: T, init: Init<T>): Promise<Result<T>>;
  /** Lets it stand still, as a machine that sleeps does. */
  sleep(): void;
  wake(): void;
  /** Ends it at once, as a power cut does. */
  kill(): Promise<void>;
}

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

export function startPeer({ enter }: Pick<Namespace, 'enter'>): Peer {
  const [program = '', ...before] = enter;
  const child = spawn(program, [...before, process.execPath, SCRIPT], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let count = 0;

  child.on('message', ({ id, result, error }: Answer) => {
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asked?.resolve(result);
    else asked?.reject(new TypeError(error));
  });
  void exited.then(() => {
    for (const { reject } of waiting.values()) reject(new TypeError('The process ended'));
  });

  return {
    ask<T extends Task>(task: T, init: Init<T>) {
      const asked = Promise.withResolvers<unknown>();
      waiting.set((count += 1), asked);
      child.send({ id: count, task, init });
      return asked.promise as Promise<Result<T>>;
    },
    sleep: () => void child.kill('SIGSTOP'),
    wake: () => void child.kill('SIGCONT'),
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
