/** Where a command reads and writes: a process's own streams, or a test's. */
export interface Terminal {
  readonly input: InputStream;
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean };
  /** For questions, progress and errors, so that `output` can be piped. */
  readonly errors: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
}

export interface InputStream extends NodeJS.ReadableStream {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
}

export function processTerminal(): Terminal {
  return { input: process.stdin, output: process.stdout, errors: process.stderr };
}

/** Whether a person can be asked something. */
export function isInteractive(terminal: Terminal): boolean {
  return terminal.input.isTTY === true && terminal.errors.isTTY === true;
}
