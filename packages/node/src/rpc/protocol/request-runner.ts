import { PoolError } from '../../pool/errors.ts';
import type { CallObservers } from '../call-observers.ts';
import type { RpcContext, RpcLog } from '../context.ts';
import {
  internalError,
  invalidRequest,
  methodNotFound,
  needsWebSocket,
  RpcError,
  unsafeMethod,
} from './errors.ts';
import type { Call, Method, MethodTable } from './method.ts';
import { MethodCall, SessionMethodCall } from './method-call.ts';
import { readParams } from './params.ts';
import { isQuestion, type Question, readId, readRequest } from './request.ts';
import { failure, type Response, success } from './response.ts';
import { Session, type Transport } from './session.ts';
import type { Worker } from './steps.ts';

export interface RunnerInit {
  readonly methods: MethodTable;
  /** Told of each call. */
  readonly calls: CallObservers;
  readonly allowUnsafe: boolean;
  readonly context: Omit<RpcContext, 'methodNames' | 'allowUnsafe'>;
}

/** Who sent a message: where its subscriptions live, when they may begin to speak, and when what takes long goes on. */
export interface Caller extends Worker {
  readonly session: Session | undefined;
  /** The answer to what is no request and has no id either. */
  anonymous(): RpcError;
}

/** In place of an answer that comes later. */
export const LATER = 'later';

/** Told an answer that was not there at once. */
type WhenLate = (response: Response) => void;

/** Both kinds of methods run alike. */
type Run = (call: unknown, args: readonly unknown[]) => unknown;

const NOWHERE: Transport = {
  send: () => undefined,
  keepsUp: () => true,
  drained: () => Promise.resolve(),
  inTurn: () => undefined,
  keeps: () => undefined,
};

/** Runs the methods that requests name. */
export class RequestRunner {
  readonly #methods: ReadonlyMap<string, Method>;
  readonly #calls: CallObservers;
  readonly #allowUnsafe: boolean;
  readonly #context: RpcContext;
  /** Of those who have none of their own. */
  readonly #shared = new Session(NOWHERE, 0, true);

  constructor({ methods, calls, allowUnsafe, context }: RunnerInit) {
    this.#methods = new Map(Object.entries(methods));
    this.#calls = calls;
    this.#allowUnsafe = allowUnsafe;
    const names = Object.entries(methods)
      .filter(([, method]) => allowUnsafe || !method.unsafe)
      .map(([name]) => name)
      .sort();
    this.#context = { ...context, allowUnsafe, methodNames: () => names };
  }

  /** The answer to what should be a request, undefined for a notification. Never throws. */
  run(entry: unknown, caller: Caller, late: WhenLate): Response | typeof LATER | undefined {
    const request = readRequest(entry);
    if (!request) {
      const id = readId(entry);
      return id === undefined ? failure(null, caller.anonymous()) : failure(id, invalidRequest());
    }
    // As in Substrate, nothing is done for a notification: nobody would hear what became of it.
    return isQuestion(request) ? this.#answer(request, caller, late) : undefined;
  }

  close(): void {
    this.#shared.close();
  }

  #answer(question: Question, caller: Caller, late: WhenLate): Response | typeof LATER {
    let begun: number | undefined;
    try {
      const method = this.#find(question.method);
      const call = this.#callOf(method, caller);
      const args = readParams(method.params, question.params);
      // Behind the parameters, as with Substrate: those that cannot be read are refused first.
      if (method.unsafe && !this.#allowUnsafe) throw unsafeMethod();
      begun = this.#calls.begin(question.method);
      const result = (method.run as Run)(call, args);
      if (!(result instanceof Promise)) return this.#succeeded(question, begun, result);
      result.then(
        (value) => late(this.#succeeded(question, begun, value)),
        (error: unknown) => late(this.#failed(question, begun, error)),
      );
      return LATER;
    } catch (error) {
      return this.#failed(question, begun, error);
    }
  }

  #callOf(method: Method, caller: Caller): Call {
    if (!method.needsSession) return new MethodCall(this.#context, caller);
    const session = caller.session ?? (method.sharesSession && this.#shared);
    if (!session) throw needsWebSocket();
    return new SessionMethodCall(this.#context, caller, session);
  }

  #succeeded({ id, method }: Question, begun: number | undefined, result: unknown): Response {
    this.#calls.over(method, begun, false);
    return success(id, result);
  }

  #failed({ id, method }: Question, begun: number | undefined, error: unknown): Response {
    this.#calls.over(method, begun, true);
    return failure(id, toRpcError(error, method, this.#context.log));
  }

  #find(name: string): Method {
    const method = this.#methods.get(name);
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
