import type { Task } from '../../turns.ts';
import type { RpcLimits, RpcLog } from '../context.ts';
import { BatchAnswers } from './batch-answers.ts';
import {
  batchTooLarge,
  internalError,
  invalidRequest,
  parseError,
  requestTooLarge,
  type RpcError,
} from './errors.ts';
import { readMessage, utf8 } from './request.ts';
import { type Caller, RequestRunner, type RunnerInit } from './request-runner.ts';
import { failure, type Response, writeResponse } from './response.ts';
import type { Session } from './session.ts';

/** The answer to one message. `text` is undefined when the message held notifications only. */
export interface Reply {
  readonly text: string | undefined;
  /** To be called once `text` has been handed to the transport. */
  sent(): void;
}

/** Who asks. */
export interface Asker {
  /** Undefined where no subscription can live. */
  readonly session: Session | undefined;
  /** Has a task run when it is the asker's turn. */
  inTurn(task: Task): void;
  /** Told what answers that are not whole yet take, and with a negative number what they do not take any more. */
  keeps(bytes: number): void;
}

type WhenWritten = (text: string | undefined) => void;

/**
 * Turns the bytes of a message into the text of its answer. Whatever may take long of it, reading, running and writing, is done when
 * it is the turn of who asks; each request of a batch has a turn of its own.
 */
export class Dispatcher {
  readonly #runner: RequestRunner;
  readonly #limits: RpcLimits;
  readonly #log: RpcLog;

  constructor(init: RunnerInit) {
    this.#runner = new RequestRunner(init);
    this.#limits = init.context.limits;
    this.#log = init.context.log;
  }

  /** Calls `answered` once, in a turn of the asker, and never if it gets no more turns. */
  handle(bytes: Uint8Array, asker: Asker, answered: (reply: Reply) => void): void {
    const tasks: (() => void)[] = [];
    const caller = { ...asker, afterResponse: (task: () => void) => void tasks.push(task) };
    const done = (text: string | undefined): void => answered({ text, sent: () => this.#runAll(tasks) });
    asker.inTurn(() => this.#begin(bytes, { asker, caller, done }));
  }

  /** Ends what goes on without a connection. */
  close(): void {
    this.#runner.close();
  }

  /** The answer to a message that was too long to be read. */
  refuseTooLarge(): string {
    return JSON.stringify(failure(null, requestTooLarge(this.#limits.requestBytes)));
  }

  #begin(bytes: Uint8Array, exchange: Exchange): Task | undefined {
    const message = readMessage(utf8(bytes), this.#limits.batchSize);
    switch (message.kind) {
      case 'malformed':
        return void exchange.done(this.#write(failure(null, parseError())));
      case 'single': {
        const response = this.#runner.run(message.entry, exchange.caller, parseError);
        return void this.#whenWritten(response, exchange.asker, exchange.done);
      }
      case 'batch':
        return this.#batch(message.entries, exchange);
    }
  }

  #batch(entries: readonly unknown[], { asker, caller, done }: Exchange): Task | undefined {
    const { batchSize, responseBytes } = this.#limits;
    const refused = batchRefusal(entries.length, batchSize);
    if (refused) return void done(this.#write(failure(null, refused)));
    const answers = new BatchAnswers(entries.length, responseBytes);
    let next = 0;
    const step = (): Task | undefined => {
      const index = next++;
      const response = this.#runner.run(entries[index], caller, invalidRequest);
      this.#whenWritten(response, asker, (text) => {
        answers.set(index, text);
        if (answers.isComplete) done(answers.text());
      });
      return next < entries.length ? step : undefined;
    };
    return step();
  }

  /** Writes an answer that is there at once, and one that comes later in the turn that the asker has then. */
  #whenWritten(
    response: Response | undefined | Promise<Response>,
    { inTurn }: Asker,
    written: WhenWritten,
  ): void {
    if (response instanceof Promise) {
      void response.then((late) => inTurn(() => void written(this.#write(late))));
    } else written(response && this.#write(response));
  }

  #write(response: Response): string {
    try {
      return writeResponse(response, this.#limits.responseBytes);
    } catch (error) {
      this.#log.error({ err: error }, 'An RPC answer could not be written');
      return writeResponse(failure(response.id, internalError()), this.#limits.responseBytes);
    }
  }

  #runAll(tasks: readonly (() => void)[]): void {
    for (const task of tasks) {
      try {
        task();
      } catch (error) {
        this.#log.error({ err: error }, 'Work after an RPC response failed');
      }
    }
  }
}

/** What becomes of one message. */
interface Exchange {
  readonly asker: Asker;
  readonly caller: Caller;
  readonly done: WhenWritten;
}

/** As Substrate: none at all is no batch. */
function batchRefusal(length: number, max: number): RpcError | undefined {
  if (length === 0) return invalidRequest();
  return length > max ? batchTooLarge(max) : undefined;
}
