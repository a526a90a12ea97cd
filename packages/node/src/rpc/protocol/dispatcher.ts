import { PoolError } from '../../pool/errors.ts';
import type { RpcContext, RpcLog } from '../context.ts';
import { ERROR_CODES, methodNotFound, needsWebSocket, RpcError, unsafeMethod } from './errors.ts';
import type { Method, MethodTable } from './method.ts';
import { isObject, readParams } from './params.ts';
import type { Session } from './session.ts';

type RequestId = string | number | null;

interface Request {
  /** Undefined for a notification, which gets no answer. */
  readonly id: RequestId | undefined;
  readonly method: string;
  readonly params: unknown;
}

interface ResponseError {
  readonly code: number;
  readonly message: string;
  readonly data?: string | number;
}

type Response =
  | { readonly jsonrpc: '2.0'; readonly id: RequestId; readonly result: unknown }
  | { readonly jsonrpc: '2.0'; readonly id: RequestId; readonly error: ResponseError };

/** The answer to one message. `text` is undefined when the message held notifications only. */
export interface Reply {
  readonly text: string | undefined;
  /** To be called once `text` has been handed to the transport. */
  sent(): void;
}

export interface DispatcherInit {
  readonly methods: MethodTable;
  readonly allowUnsafe: boolean;
  readonly context: Omit<RpcContext, 'methodNames'>;
}

/** Turns the text of a message into the text of its answer. Never throws. */
export class Dispatcher {
  readonly #methods: MethodTable;
  readonly #allowUnsafe: boolean;
  readonly #context: RpcContext;

  constructor({ methods, allowUnsafe, context }: DispatcherInit) {
    this.#methods = methods;
    this.#allowUnsafe = allowUnsafe;
    const names = Object.entries(methods)
      .filter(([, method]) => allowUnsafe || !method.unsafe)
      .map(([name]) => name)
      .sort();
    this.#context = { ...context, methodNames: () => names };
  }

  async handle(text: string, session: Session | undefined): Promise<Reply> {
    const tasks: (() => void)[] = [];
    const afterResponse = (task: () => void): void => void tasks.push(task);
    const answer = await this.#answer(text, session, afterResponse);
    return {
      text: answer && JSON.stringify(answer),
      sent: () => this.#runAll(tasks),
    };
  }

  async #answer(
    text: string,
    session: Session | undefined,
    afterResponse: (task: () => void) => void,
  ): Promise<Response | Response[] | undefined> {
    const message = parseJson(text);
    if (message === undefined) return failure(null, new RpcError(ERROR_CODES.parse, 'Parse error'));
    if (!Array.isArray(message)) return this.#one(message, session, afterResponse);
    const max = this.#context.limits.batchSize;
    if (message.length === 0) return failure(null, invalidRequest());
    if (message.length > max) {
      const data = `Exceeded max limit of ${max}`;
      return failure(null, new RpcError(ERROR_CODES.batchTooLarge, 'The batch request was too large', data));
    }
    const answers = await Promise.all(message.map((each) => this.#one(each, session, afterResponse)));
    const responses = answers.filter((each) => each !== undefined);
    return responses.length > 0 ? responses : undefined;
  }

  async #one(
    message: unknown,
    session: Session | undefined,
    afterResponse: (task: () => void) => void,
  ): Promise<Response | undefined> {
    const request = readRequest(message);
    if (!request) return failure(isObject(message) ? readId(message['id']) : null, invalidRequest());
    const { id } = request;
    try {
      const result = await this.#run(request, session, afterResponse);
      return id === undefined ? undefined : { jsonrpc: '2.0', id, result: result ?? null };
    } catch (error) {
      const told = toRpcError(error, request.method, this.#context.log);
      return id === undefined ? undefined : failure(id, told);
    }
  }

  #run(request: Request, session: Session | undefined, afterResponse: (task: () => void) => void): unknown {
    const method = this.#find(request.method);
    if (method.unsafe && !this.#allowUnsafe) throw unsafeMethod();
    const call = { ...this.#context, afterResponse };
    if (!method.needsSession) return method.run(call, readParams(method.params, request.params));
    if (!session) throw needsWebSocket();
    return method.run({ ...call, session }, readParams(method.params, request.params));
  }

  #find(name: string): Method {
    const method = Object.hasOwn(this.#methods, name) ? this.#methods[name] : undefined;
    if (!method) throw methodNotFound();
    return method;
  }

  #runAll(tasks: readonly (() => void)[]): void {
    for (const task of tasks) {
      try {
        task();
      } catch (error) {
        this.#context.log.error({ err: error }, 'Work after an RPC response failed');
      }
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function readRequest(message: unknown): Request | undefined {
  if (!isObject(message) || message['jsonrpc'] !== '2.0') return undefined;
  const { id, method, params } = message;
  if (typeof method !== 'string') return undefined;
  if (id !== undefined && id !== null && typeof id !== 'string' && typeof id !== 'number') return undefined;
  return { id, method, params };
}

const readId = (id: unknown): RequestId => (typeof id === 'string' || typeof id === 'number' ? id : null);

const invalidRequest = (): RpcError => new RpcError(ERROR_CODES.invalidRequest, 'Invalid request');

function failure(id: RequestId, { rpcCode, message, data }: RpcError): Response {
  const error = { code: rpcCode, message, ...(data === undefined ? {} : { data }) };
  return { jsonrpc: '2.0', id, error };
}

/** What the client is told. A fault that nobody foresaw is logged here and told without its details. */
function toRpcError(error: unknown, method: string, log: RpcLog): RpcError {
  if (error instanceof RpcError) return error;
  if (error instanceof PoolError) return new RpcError(error.rpcCode, error.message, error.data);
  log.error({ err: error, method }, 'An RPC method failed');
  return new RpcError(ERROR_CODES.internal, 'Internal error');
}
