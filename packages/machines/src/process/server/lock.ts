import net from 'node:net';
import { hasErrnoCode } from '../../host/files.ts';

/**
 * Takes the machine's lock for as long as this process lives. A name in the kernel's abstract socket space
 * needs no file, so a crash cannot leave a stale one. Resolves false when another process holds it.
 */
export function takeLock(mark: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = net.createServer((socket) => socket.destroy());
    server.once('error', (error) => (hasErrnoCode(error, 'EADDRINUSE') ? resolve(false) : reject(error)));
    server.listen(`\0hamster-machine-${mark}`, () => resolve(true));
    server.unref();
  });
}
