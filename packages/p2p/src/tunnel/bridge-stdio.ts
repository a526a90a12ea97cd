import type { Duplex, Readable, Writable } from 'node:stream';
import { copyOut } from '../streams/copy-out.ts';
import { TunnelDuplex } from './tunnel-duplex.ts';

/**
 * Joins a tunnel and a process's standard input and output, as ssh's ProxyCommand wants it. Resolves when the
 * remote has finished and all of it is written; rejects with the tunnel's error. What standard input gives belongs to the
 * tunnel: its memory is given back once it is sent.
 */
export function bridgeStdio(tunnel: Duplex, stdin: Readable, stdout: Writable): Promise<void> {
  return new Promise((resolve, reject) => {
    tunnel.on('error', reject);
    tunnel.on('end', () => stdout.write('', () => resolve()));
    stdout.on('error', (error) => tunnel.destroy(error));
    stdin.on('error', (error) => tunnel.destroy(error));
    stdin.pipe(tunnel);
    if (tunnel instanceof TunnelDuplex) copyOut(tunnel, stdout);
    else tunnel.pipe(stdout, { end: false });
  });
}
