import { PoolError } from '../../pool/errors.ts';
import type { RpcContext, RpcLog } from '../context.ts';
import {
  internalError,
  invalidRequest,
  methodNotFound,
  needsWebSocket,
  RpcError,
  unsafeMethod,
} from './errors.ts';
import type { Method, MethodTable } from './method.ts';
import { readParams } from './params.ts';
import { readId, readRequest, type Request } from './request.ts';
import { failure, type Response, success } from './response.ts';
import { Session, type Transport } from './session.ts';
import { inSteps, type Steps, type Worker } from './steps.ts';

export interface RunnerInit {
  readonly methods: MethodTable;
  readonly allowUnsafe: boolean;
  readonly context: Omit<RpcContext, 'methodNames' | 'allowUnsafe'>;
}

/** Who sent a message: where its subscriptions live, when they may begin to speak, and when what takes long goes on. */
export interface Caller extends Worker {
  readonly session: Session | undefined;
}

const NOWHERE: Transport = {
  send: () => undefined,
  keepsUp: () => true,
  drained: () => Promise.resolve(),
  inTurn: () => undefined,
  keeps: () => undefined,
};

/** Runs the methods that requests name. */
export class RequestRunner {
  readonly #methods: MethodTable;
  readonly #allowUnsafe: boolean;
  readonly #context: RpcContext;
  /** Of those who have none of their own. */
  readonly #shared = new Session(NOWHERE, 0, true);

  constructor({ methods, allowUnsafe, context }: RunnerInit) {
    this.#methods = methods;
    this.#allowUnsafe = allowUnsafe;
    const names = Object.entries(methods)
      .filter(([, method]) => allowUnsafe || !method.unsafe)
      .map(([name]) => name)
      .sort();
    this.#context = { ...context, allowUnsafe, methodNames: () => names };
  }

  /**
   * The answer to what should be a request, undefined for a notification. `anonymous` is the answer to what is none and has no id
   * either. Never throws nor rejects.
   */
  run(entry: unknown, caller: Caller, anonymous: () => RpcError): Response | undefined | Promise<Response> {
    const request = readRequest(entry);
    if (!request) {
      const id = readId(entry);
      return id === undefined ? failure(null, anonymous()) : failure(id, invalidRequest());
    }
    const { id, method } = request;
    // As in Substrate, nothing is done for a notification: nobody would hear what became of it.
    if (id === undefined) return undefined;
    const succeed = (result: unknown): Response => success(id, result);
    const fail = (error: unknown): Response => failure(id, toRpcError(error, method, this.#context.log));
    try {
      const result = this.#call(request, caller);
      return result instanceof Promise ? result.then(succeed, fail) : succeed(result);
    } catch (error) {
      return fail(error);
    }
  }

  close(): void {
    this.#shared.close();
  }

  #call(request: Request, caller: Caller): unknown {
    const method = this.#find(request.method);
    if (method.unsafe && !this.#allowUnsafe) throw unsafeMethod();
    const { session, afterResponse } = caller;
    const { responseBytes } = this.#context.limits;
    const goThrough = <T>(steps: Steps<T>): T | Promise<T> => inSteps(steps, caller, responseBytes);
    const call = { ...this.#context, afterResponse, inSteps: goThrough };
    if (!method.needsSession) return method.run(call, readParams(method.params, request.params));
    const own = session ?? (method.sharesSession && this.#shared);
    if (!own) throw needsWebSocket();
    return method.run({ ...call, session: own }, readParams(method.params, request.params));
  }

  #find(name: string): Method {
    const method = Object.hasOwn(this.#methods, name) ? this.#methods[name] : undefined;
    if (!method) throw methodNotFound();
    return method;
  }
}

/** What the client is told. A fault that nobody foresaw is logged here and told without its details. */
function toRpcError(error: unknown, method: string, log: RpcLog): RpcError {
  if (error instanceof RpcError) return error;
  if (error instanceof PoolError) return new RpcError(error.rpcCode, error.message, error.data);
  log.error({ err: error, method }, 'An RPC method failed');
  return internalError();
}
