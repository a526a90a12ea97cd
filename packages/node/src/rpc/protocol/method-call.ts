import type { Backend } from '../../backend.ts';
import type { BlockFeed } from '../block-feed.ts';
import type { LogFilter, NodeIdentity, RpcContext, RpcLimits, RpcLog } from '../context.ts';
import type { Call, SessionCall } from './method.ts';
import type { Session } from './session.ts';
import { inSteps, type Worker } from './steps.ts';

/** What a method is handed, without a copy of what all calls share: there is one for each request. */
export class MethodCall implements Call {
  readonly #context: RpcContext;
  readonly #worker: Worker;

  constructor(context: RpcContext, worker: Worker) {
    this.#context = context;
    this.#worker = worker;
  }

  get backend(): Backend {
    return this.#context.backend;
  }

  get feed(): BlockFeed {
    return this.#context.feed;
  }

  get identity(): NodeIdentity {
    return this.#context.identity;
  }

  get limits(): RpcLimits {
    return this.#context.limits;
  }

  get log(): RpcLog {
    return this.#context.log;
  }

  get logFilter(): LogFilter | undefined {
    return this.#context.logFilter;
  }

  get allowUnsafe(): boolean {
    return this.#context.allowUnsafe;
  }

  get methodNames(): RpcContext['methodNames'] {
    return this.#context.methodNames;
  }

  /** A function of its own, as is the next: methods take them out of the call. */
  get afterResponse(): Call['afterResponse'] {
    return (task) => this.#worker.afterResponse(task);
  }

  get inSteps(): Call['inSteps'] {
    return (steps) => inSteps(steps, this.#worker, this.limits.responseBytes);
  }
}

/** The same for one that has a session. */
export class SessionMethodCall extends MethodCall implements SessionCall {
  readonly session: Session;

  constructor(context: RpcContext, worker: Worker, session: Session) {
    super(context, worker);
    this.session = session;
  }
}
