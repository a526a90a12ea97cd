import type { Duplex } from 'node:stream';
import Docker from 'dockerode';
import { MachineError, textOf } from '../errors.ts';
import { hasErrnoCode } from '../host/files.ts';

const NOT_FOUND = 404;
const NOT_MODIFIED = 304;
const CONFLICT = 409;
const UNREACHABLE = ['ENOENT', 'ECONNREFUSED', 'EACCES', 'EPERM'];

/** The Docker daemon, whose failures come as `MachineError`. */
export class Engine {
  readonly api: Docker;
  readonly #socketPath: string;

  constructor(socketPath: string) {
    this.#socketPath = socketPath;
    this.api = new Docker({ socketPath });
  }

  /** Runs `task` until it ends or `signal` fires, whose reason is thrown then. */
  async use<T>(what: string, signal: AbortSignal, task: (api: Docker) => Promise<T>): Promise<T> {
    try {
      return await orAborted(task(this.api), signal);
    } catch (error) {
      if (error instanceof MachineError || signal.aborted) throw error;
      throw this.#failure(what, error);
    }
  }

  #failure(what: string, cause: unknown): MachineError {
    const message = UNREACHABLE.some((code) => hasErrnoCode(cause, code))
      ? `no Docker daemon at ${this.#socketPath}: is dockerd running, and may this account use it?`
      : `${what}: ${textOf(cause)}`;
    return new MachineError('HypervisorFailed', message, { cause });
  }
}

/** `undefined` when Docker knows nothing by that name. */
export async function ifThere<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch((error: unknown) => {
    if (statusOf(error) === NOT_FOUND) return undefined;
    throw error;
  });
}

/** Waits for a change that may have been made already. */
export async function unlessDone(change: Promise<unknown>): Promise<void> {
  await change.catch((error: unknown) => {
    if (statusOf(error) !== NOT_MODIFIED) throw error;
  });
}

export function isConflict(error: unknown): boolean {
  return statusOf(error) === CONFLICT;
}

/** A program in a running container, on a terminal of its own. */
export async function openTerminal(container: Docker.Container, command: string[]): Promise<Duplex> {
  const attach = { AttachStdin: true, AttachStdout: true, AttachStderr: true, Tty: true };
  const exec = await container.exec({ ...attach, Cmd: command, Env: ['TERM=xterm'] });
  return exec.start({ hijack: true, stdin: true, Tty: true });
}

function statusOf(error: unknown): unknown {
  return error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
