import type { Terminal } from '@hamster/daemon';
import type { ClientChannel } from 'ssh2';

interface Attaching {
  readonly terminal: Terminal;
  /** Every key is the machine's, Ctrl-C too. */
  readonly interactive: boolean;
  readonly signal: AbortSignal;
}

/**
 * Joins a terminal and a remote channel until it closes. Resolves with the exit code; 255 when there was none. Rejects with the
 * signal's reason once that aborts. The terminal is given back in either case.
 */
export async function attach(
  channel: ClientChannel,
  { terminal, interactive, signal }: Attaching,
): Promise<number> {
  signal.throwIfAborted();
  const { input, output, errors } = terminal;
  const onResize = (): void => channel.setWindow(process.stdout.rows, process.stdout.columns, 0, 0);
  channel.pipe(output, { end: false });
  channel.stderr.pipe(errors, { end: false });
  input.pipe(channel);
  if (interactive) {
    input.setRawMode?.(true);
    process.stdout.on('resize', onResize);
  }
  try {
    return await exitOf(channel, signal);
  } finally {
    input.unpipe(channel);
    channel.unpipe(output);
    channel.stderr.unpipe(errors);
    input.pause();
    if (interactive) input.setRawMode?.(false);
    process.stdout.off('resize', onResize);
  }
}

function exitOf(channel: ClientChannel, signal: AbortSignal): Promise<number> {
  const left = new AbortController();
  return new Promise<number>((resolve, reject) => {
    let code = 255;
    channel.on('exit', (status: number | null) => {
      code = status ?? 255;
    });
    channel.on('close', () => resolve(code));
    signal.addEventListener('abort', () => reject(signal.reason as Error), { signal: left.signal });
  }).finally(() => left.abort());
}
