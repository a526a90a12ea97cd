import { withDeadline } from '@hamster/daemon';
import type { Terminal } from '@hamster/daemon';
import type { ClientChannel } from 'ssh2';

interface Attaching {
  readonly terminal: Terminal;
  /** Every key is the machine's, Ctrl-C too. */
  readonly interactive: boolean;
  readonly signal: AbortSignal;
}

/** A remote channel and how it ends, which may be told before anybody has joined it with a terminal. */
export interface Watched {
  readonly channel: ClientChannel;
  /** The exit code; 255 when there was none. */
  readonly code: Promise<number>;
}

/** To be called as soon as there is a channel: a quick command's end comes along with its beginning. */
export function watched(channel: ClientChannel): Watched {
  const code = new Promise<number>((resolve) => {
    let status = 255;
    channel.on('exit', (exited: number | null) => (status = exited ?? 255));
    channel.on('close', () => resolve(status));
  });
  return { channel, code };
}

/**
 * Joins a terminal and a remote channel until it closes. Resolves with the exit code; rejects with the signal's reason once that aborts.
 * The terminal is given back in either case.
 */
export async function attach(
  { channel, code }: Watched,
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
    return await withDeadline(() => code, undefined, signal);
  } finally {
    input.unpipe(channel);
    channel.unpipe(output);
    channel.stderr.unpipe(errors);
    input.pause();
    if (interactive) input.setRawMode?.(false);
    process.stdout.off('resize', onResize);
  }
}
