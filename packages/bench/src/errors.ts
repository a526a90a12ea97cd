export type BenchErrorCode =
  /** The command line asks for something that there isn't. */
  | 'BENCH_USAGE'
  /** A process that is measured ended, or did not do what it was asked in time. */
  | 'BENCH_PROCESS'
  /** What was measured came out wrong: the number would be a lie. */
  | 'BENCH_WRONG_RESULT'
  /** It was told to end. */
  | 'BENCH_STOPPED';

export class BenchError extends Error {
  override readonly name = 'BenchError';
  readonly code: BenchErrorCode;

  constructor(code: BenchErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
