import type { Socket } from 'node:net';
import { CliError } from '../cli/errors.ts';

const MOST_BYTES = 4096;
const NEWLINE = 0x0a;

/** The first line of a socket; what follows it stays unread, and the socket paused. Throws CliError when none comes. */
export function readLine(socket: Socket, patienceMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let seen = Buffer.alloc(0);
    const timer = setTimeout(() => finish(() => reject(noLine('in time'))), patienceMs);
    const finish = (settle: () => void): void => {
      clearTimeout(timer);
      socket.off('data', onData).off('end', onEnd).off('close', onEnd);
      socket.pause();
      settle();
    };
    const onEnd = (): void => finish(() => reject(noLine('before the end')));
    const onData = (chunk: Buffer): void => {
      seen = Buffer.concat([seen, chunk]);
      const end = seen.indexOf(NEWLINE);
      if (end === -1 && seen.length <= MOST_BYTES) return;
      if (end === -1 || end > MOST_BYTES) return finish(() => reject(noLine('of a fair length')));
      const rest = seen.subarray(end + 1);
      finish(() => {
        if (rest.length > 0) socket.unshift(rest);
        resolve(seen.toString('utf8', 0, end));
      });
    };
    socket.on('data', onData).once('end', onEnd).once('close', onEnd);
    socket.resume();
  });
}

function noLine(how: string): CliError {
  return new CliError('NO_LINE', `No line came ${how}.`);
}
