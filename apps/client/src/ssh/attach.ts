import type { Terminal } from '@hamster/daemon';
import type { ClientChannel } from 'ssh2';

/** Joins a terminal and a remote channel until it closes. Resolves with the exit code; 255 when there was none. */
export async function attach(
  channel: ClientChannel,
  terminal: Terminal,
  interactive: boolean,
): Promise<number> {
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
    return await exitOf(channel);
  } finally {
    input.unpipe(channel);
    input.pause();
    if (interactive) input.setRawMode?.(false);
    process.stdout.off('resize', onResize);
  }
}

function exitOf(channel: ClientChannel): Promise<number> {
  return new Promise((resolve) => {
    let code = 255;
    channel.on('exit', (status: number | null) => {
      code = status ?? 255;
    });
    channel.on('close', () => resolve(code));
  });
}
