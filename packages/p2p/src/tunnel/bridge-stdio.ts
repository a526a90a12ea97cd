import type { Duplex, Readable, Writable } from 'node:stream';

/**
 * Joins a tunnel and a process's standard input and output, as ssh's ProxyCommand wants it. Resolves when the
 * remote has finished and all of it is written; rejects with the tunnel's error.
 */
export function bridgeStdio(tunnel: Duplex, stdin: Readable, stdout: Writable): Promise<void> {
  return new Promise((resolve, reject) => {
    tunnel.on('error', reject);
    tunnel.on('end', () => stdout.write('', () => resolve()));
    stdout.on('error', (error) => tunnel.destroy(error));
    stdin.on('error', (error) => tunnel.destroy(error));
    stdin.pipe(tunnel);
    tunnel.pipe(stdout, { end: false });
  });
}
