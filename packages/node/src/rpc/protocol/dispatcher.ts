import type { Task } from '../../turns.ts';
import type { RpcLimits, RpcLog } from '../context.ts';
import {
  batchTooLarge,
  internalError,
  invalidRequest,
  parseError,
  requestTooLarge,
  tooManyMarks,
  type RpcError,
} from './errors.ts';
import { type Asker, Exchange, type WhenAnswered } from './exchange.ts';
import { MOST_MARKS } from './marks.ts';
import { readMessage } from './request.ts';
import { LATER, RequestRunner, type RunnerInit } from './request-runner.ts';
import { failure, type Response, writeResponse } from './response.ts';

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
  handle(bytes: Uint8Array, asker: Asker, answered: WhenAnswered): void {
    const exchange = new Exchange({ asker, size: bytes.length, answered, log: this.#log });
    asker.inTurn(() => this.#begin(bytes, exchange));
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
    const message = readMessage(bytes, this.#limits.batchSize);
    switch (message.kind) {
      case 'malformed':
        return void exchange.answerAll(this.#write(failure(null, parseError())));
      case 'tangled':
        return void exchange.answerAll(this.#write(failure(null, tooManyMarks(MOST_MARKS))));
      case 'single':
        return void this.#run(message.entry, 0, exchange);
      case 'batch':
        return this.#batch(message.entries, exchange);
    }
  }

  #batch(entries: readonly unknown[], exchange: Exchange): Task | undefined {
    const { batchSize, responseBytes } = this.#limits;
    const refused = batchRefusal(entries.length, batchSize);
    if (refused) return void exchange.answerAll(this.#write(failure(null, refused)));
    exchange.expect(entries.length, responseBytes);
    let next = 0;
    const step = (): Task | undefined => {
      const index = next++;
      this.#run(entries[index], index, exchange);
      return next < entries.length ? step : undefined;
    };
    return step();
  }

  /** Writes an answer that is there at once, and one that comes later in the turn that the asker has then. */
  #run(entry: unknown, index: number, exchange: Exchange): void {
    const response = this.#runner.run(entry, exchange, (late) =>
      exchange.inTurn(() => void exchange.answer(index, this.#write(late))),
    );
    if (response !== LATER) exchange.answer(index, response && this.#write(response));
  }

  #write(response: Response): string {
    try {
      return writeResponse(response, this.#limits.responseBytes);
    } catch (error) {
      this.#log.error({ err: error }, 'An RPC answer could not be written');
      return writeResponse(failure(response.id, internalError()), this.#limits.responseBytes);
    }
  }
}

/** As Substrate: none at all is no batch. */
function batchRefusal(length: number, max: number): RpcError | undefined {
  if (length === 0) return invalidRequest();
  return length > max ? batchTooLarge(max) : undefined;
}
