/** Whose fault an error is: the person's (mend the input), the moment's (try again), or ours. */
export type Fault = 'user' | 'transient' | 'bug';

interface Details {
  readonly fault?: Fault;
  readonly exitCode?: number;
  readonly cause?: unknown;
}

/** An error whose message is a sentence for a person: what was wrong with which value, and what to do. */
export class DaemonError extends Error {
  override readonly name: string = 'DaemonError';
  readonly code: string;
  readonly fault: Fault;
  readonly exitCode: number;

  constructor(code: string, message: string, details: Details = {}) {
    super(message, { cause: details.cause });
    this.code = code;
    this.fault = details.fault ?? 'user';
    this.exitCode = details.exitCode ?? EXIT_FAILURE;
  }
}

export const EXIT_FAILURE = 1;
/** The command line, the environment or the config file was wrong. */
export const EXIT_USAGE = 2;
/** Killed by a second Ctrl-C, as a shell would report it. */
export const EXIT_FORCED = 130;

/** The sentence to show for anything thrown, without a stack. */
export function sentenceOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') {
    return error.errors.map(sentenceOf).join('; ');
  }
  return error instanceof Error ? error.message || error.name : String(error);
}
