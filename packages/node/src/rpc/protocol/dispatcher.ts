import { PoolError } from '../../pool/errors.ts';
import { Slices } from '../../slices.ts';
import type { RpcContext, RpcLog } from '../context.ts';
import {
  batchTooLarge,
  internalError,
  invalidRequest,
  methodNotFound,
  needsWebSocket,
  parseError,
  requestTooLarge,
  RpcError,
  unsafeMethod,
} from './errors.ts';
import type { Method, MethodTable } from './method.ts';
import { readParams } from './params.ts';
import { readId, readMessage, readRequest, type Request } from './request.ts';
import { failure, type Response, success, writeBatch, writeResponse } from './response.ts';
import type { Session } from './session.ts';

/** The answer to one message. `text` is undefined when the message held notifications only. */
export interface Reply {
  readonly text: string | undefined;
  /** To be called once `text` has been handed to the transport. */
  sent(): void;
}

export interface DispatcherInit {
  readonly methods: MethodTable;
  readonly allowUnsafe: boolean;
  readonly context: Omit<RpcContext, 'methodNames' | 'allowUnsafe'>;
}

/** Who sent a message: where its subscriptions live, and when they may begin to speak. */
interface Caller {
  readonly session: Session | undefined;
  afterResponse(task: () => void): void;
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
    this.#context = { ...context, allowUnsafe, methodNames: () => names };
  }

  /** `text` is undefined for bytes that were no UTF-8. */
  async handle(text: string | undefined, session: Session | undefined): Promise<Reply> {
    const tasks: (() => void)[] = [];
    const afterResponse = (task: () => void): void => void tasks.push(task);
    const answer = await this.#answer(text, { session, afterResponse }).catch((error: unknown) => {
      this.#context.log.error({ err: error }, 'An RPC answer could not be written');
      return JSON.stringify(failure(null, internalError()));
    });
    return { text: answer, sent: () => this.#runAll(tasks) };
  }

  /** The answer to a message that was too long to be read. */
  refuseTooLarge(): string {
    return JSON.stringify(failure(null, requestTooLarge(this.#context.limits.requestBytes)));
  }

  async #answer(text: string | undefined, caller: Caller): Promise<string | undefined> {
    const { batchSize, responseBytes } = this.#context.limits;
    const message = readMessage(text, batchSize);
    switch (message.kind) {
      case 'malformed':
        return writeResponse(failure(null, parseError()), responseBytes);
      case 'single': {
        const response = await this.#one(message.entry, caller, parseError);
        return response && writeResponse(response, responseBytes);
      }
      case 'batch':
        return this.#batch(message.entries, caller);
    }
  }

  async #batch(entries: readonly unknown[], caller: Caller): Promise<string | undefined> {
    const { batchSize, responseBytes } = this.#context.limits;
    const refused = batchRefusal(entries.length, batchSize);
    if (refused) return writeResponse(failure(null, refused), responseBytes);
    const answers: Promise<Response | undefined>[] = [];
    const slices = new Slices();
    for (const entry of entries) {
      answers.push(this.#one(entry, caller, invalidRequest));
      await slices.pause();
      if (caller.session?.closed) return undefined;
    }
    const responses = (await Promise.all(answers)).filter((each) => each !== undefined);
    return responses.length > 0 ? writeBatch(responses, responseBytes) : undefined;
  }

  /** `anonymous` is the answer to what is no request and has no id either. */
  async #one(entry: unknown, caller: Caller, anonymous: () => RpcError): Promise<Response | undefined> {
    const request = readRequest(entry);
    if (!request) {
      const id = readId(entry);
      return id === undefined ? failure(null, anonymous()) : failure(id, invalidRequest());
    }
    // As in Substrate, nothing is done for a notification: nobody would hear what became of it.
    if (request.id === undefined) return undefined;
    try {
      return success(request.id, await this.#run(request, caller));
    } catch (error) {
      return failure(request.id, toRpcError(error, request.method, this.#context.log));
    }
  }

  #run(request: Request, { session, afterResponse }: Caller): unknown {
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

/** As Substrate: none at all is no batch. */
function batchRefusal(length: number, max: number): RpcError | undefined {
  if (length === 0) return invalidRequest();
  return length > max ? batchTooLarge(max) : undefined;
}

/** What the client is told. A fault that nobody foresaw is logged here and told without its details. */
function toRpcError(error: unknown, method: string, log: RpcLog): RpcError {
  if (error instanceof RpcError) return error;
  if (error instanceof PoolError) return new RpcError(error.rpcCode, error.message, error.data);
  log.error({ err: error, method }, 'An RPC method failed');
  return internalError();
}
