/** Why the daemon on this computer cannot be used, as a key for the sentence that tells the person what to do. */
export type DaemonProblemCode =
  'insecure' | 'away' | 'foreign' | 'stranger' | 'token' | 'old' | 'otherChain' | 'refused';

export class DaemonProblem extends Error {
  override readonly name = 'DaemonProblem';
  readonly code: DaemonProblemCode;

  /** @param message what the daemon itself said, for `refused`. */
  constructor(code: DaemonProblemCode, message: string = code, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

export function problemOf(error: unknown): DaemonProblem {
  return error instanceof DaemonProblem ? error : new DaemonProblem('away', 'No answer', error);
}
