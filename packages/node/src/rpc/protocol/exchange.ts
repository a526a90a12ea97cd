import type { Task } from '../../turns.ts';
import type { RpcLog } from '../context.ts';
import { BatchAnswers } from './batch-answers.ts';
import { invalidRequest, parseError, type RpcError } from './errors.ts';
import type { Session } from './session.ts';
import type { Worker } from './steps.ts';

/** Who asks. */
export interface Asker {
  /** Undefined where no subscription can live. */
  readonly session: Session | undefined;
  /** Has a task run when it is the asker's turn. */
  inTurn(task: Task): void;
  /** Told what answers that are not whole yet take, and with a negative number what they do not take any more. */
  keeps(bytes: number): void;
}

/** Told the answer to a message, in a turn of who asks; `text` is undefined when that held notifications only. */
export type WhenAnswered = (text: string | undefined, message: Answered) => void;

/** A message to which there is an answer now. */
export interface Answered {
  /** Its length, in bytes. */
  readonly size: number;
  /** To be called once the answer has been handed to the transport. */
  sent(): void;
}

interface ExchangeInit {
  readonly asker: Asker;
  /** Length of the message, in bytes. */
  readonly size: number;
  readonly answered: WhenAnswered;
  readonly log: RpcLog;
}

/**
 * What becomes of one message. There is one for each of all clients' messages, and a method may keep it for as long as its subscription
 * lives: it is small, and holds neither the message nor the answer, nor, by then, whom that was told.
 */
export class Exchange implements Worker, Answered {
  readonly size: number;
  readonly #asker: Asker;
  readonly #log: RpcLog;
  /** Until it was. */
  #answered: WhenAnswered | undefined;
  /** Of a batch, until all of them are there. */
  #answers: BatchAnswers | undefined;
  #afterResponse: (() => void)[] | undefined;

  constructor({ asker, size, answered, log }: ExchangeInit) {
    this.#asker = asker;
    this.size = size;
    this.#answered = answered;
    this.#log = log;
  }

  get session(): Session | undefined {
    return this.#asker.session;
  }

  inTurn(task: Task): void {
    this.#asker.inTurn(task);
  }

  keeps(bytes: number): void {
    this.#asker.keeps(bytes);
  }

  afterResponse(task: () => void): void {
    this.#afterResponse ??= [];
    this.#afterResponse.push(task);
  }

  /** The message is a batch of so many entries, whose answers together may be so long. */
  expect(entries: number, maxBytes: number): void {
    this.#answers = new BatchAnswers(entries, maxBytes);
  }

  /** The answer to what is no request and has no id either. */
  anonymous(): RpcError {
    return this.#answers ? invalidRequest() : parseError();
  }

  /** Takes the answer to an entry of a batch, or the one that there is. */
  answer(index: number, text: string | undefined): void {
    if (!this.#answers) return this.answerAll(text);
    this.#answers.set(index, text);
    if (this.#answers.isComplete) this.answerAll(this.#answers.text());
  }

  /** Takes the answer to the message as a whole. */
  answerAll(text: string | undefined): void {
    const answered = this.#answered;
    this.#answers = undefined;
    this.#answered = undefined;
    answered?.(text, this);
  }

  sent(): void {
    const tasks = this.#afterResponse;
    if (!tasks) return;
    this.#afterResponse = undefined;
    for (const task of tasks) {
      try {
        task();
      } catch (error) {
        this.#log.error({ err: error }, 'Work after an RPC response failed');
      }
    }
  }
}
