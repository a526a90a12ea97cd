import type { Duplex } from 'node:stream';
import type { Terminal } from '@hamster/daemon';

/** Ctrl-], as in telnet and virsh. */
const ESCAPE = 0x1d;

/**
 * Joins a terminal and a console: every key goes to the machine but Ctrl-]. Input that is no terminal is sent whole, its
 * end too. Resolves when the machine's side ended, or the person left; rejects with the stream's error.
 */
export async function attachConsole(
  stream: Duplex,
  { input, output }: Terminal,
  signal: AbortSignal,
): Promise<'ended' | 'left'> {
  if (signal.aborted) {
    stream.on('error', () => undefined).destroy();
    return 'left';
  }
  const raw = input.isTTY === true;
  const over = Promise.withResolvers<'ended' | 'left'>();
  const leave = (): void => over.resolve('left');
  const onKeys = (chunk: Buffer | string): void => {
    const keys = Buffer.from(chunk);
    const escape = raw ? keys.indexOf(ESCAPE) : -1;
    const toSend = escape === -1 ? keys : keys.subarray(0, escape);
    if (toSend.length > 0 && !stream.write(toSend)) input.pause();
    if (escape !== -1) leave();
  };
  const onDrain = (): void => void input.resume();
  const onEnd = (): void => void stream.end();
  stream.on('drain', onDrain);
  stream.once('end', () => output.write('', () => over.resolve('ended')));
  stream.once('error', over.reject);
  signal.addEventListener('abort', leave, { once: true });
  if (raw) input.setRawMode?.(true);
  input.on('data', onKeys);
  input.on('end', onEnd);
  stream.pipe(output, { end: false });
  try {
    return await over.promise;
  } finally {
    signal.removeEventListener('abort', leave);
    input.removeListener('data', onKeys);
    input.removeListener('end', onEnd);
    input.pause();
    if (raw) input.setRawMode?.(false);
    stream.unpipe(output);
    stream.off('error', over.reject).on('error', () => undefined);
    stream.destroy();
  }
}
