import type { Writable } from 'node:stream';
import type { TunnelDuplex } from '../tunnel/tunnel-duplex.ts';
import { giveBack } from './give-back.ts';

/**
 * As `pipe`, but that the end is not passed on, and that memory is given back at once: of what is written into the tunnel from
 * now on, and of what comes out of its lane.
 */
export function copyOut(tunnel: TunnelDuplex, to: Writable): TunnelDuplex {
  tunnel.ownWrites();
  let read = 0;
  to.on('drain', () => tunnel.resume());
  return tunnel.on('data', (bytes: Buffer) => {
    const onSent = read >= (tunnel.laneFrom ?? Infinity) ? () => giveBack(bytes) : undefined;
    read += bytes.length;
    if (!to.write(bytes, onSent)) tunnel.pause();
  });
}
