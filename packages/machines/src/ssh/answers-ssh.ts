import net from 'node:net';

const ATTEMPT_MS = 2_000;
const BANNER = 'SSH-';

/** Whether a server greets there as SSH servers do. Cheap enough to be asked for at any time; proves no key. */
export function answersSsh(
  { host, port }: { host: string; port: number },
  signal: AbortSignal,
): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port, signal });
    const finish = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(ATTEMPT_MS, () => finish(false));
    socket.once('data', (chunk: Buffer) => finish(chunk.toString('latin1').startsWith(BANNER)));
    socket.once('error', () => finish(false));
    socket.once('close', () => finish(false));
  });
}
