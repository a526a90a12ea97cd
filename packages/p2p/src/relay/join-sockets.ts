import type { Socket } from 'node:net';
import { pumpSocket } from '../streams/pump-sockets.ts';
import { controlsOf } from './controls.ts';
import type { CircuitPlace } from './circuits.ts';
import type { RelayService } from './service.ts';
import type { Cut } from './tally.ts';
import type { Ends } from './traffic.ts';

export interface SocketJoint extends Ends {
  readonly place: CircuitPlace;
  readonly near: Socket;
  readonly far: Socket;
}

/** Lets a lane live as a circuit does: bytes both ways, within the limits, until both of its sockets are closed. */
export function joinSockets(service: RelayService, joint: SocketJoint): void {
  const { near, far, place } = joint;
  const sockets = [near, far];
  const abort = (cut: Cut): void => {
    if (sockets.every(({ destroyed }) => destroyed)) return;
    service.cuts.add(cut);
    for (const socket of sockets) socket.destroy();
  };
  const { circuitMs } = service.limits;
  const timer = Number.isFinite(circuitMs) ? setTimeout(abort, circuitMs, 'time').unref() : undefined;
  const controls = controlsOf(service, joint, abort);
  void Promise.all(sockets.map(closed)).then(() => {
    clearTimeout(timer);
    place.release();
    controls.end();
  });
  const buffered = (): number =>
    sockets.reduce((sum, socket) => sum + socket.readableLength + socket.writableLength, 0);
  place.fill({ isLane: true, abort, buffered });
  controls.start('from-source', (control) => pumpSocket(near, far, control));
  controls.start('from-holder', (control) => pumpSocket(far, near, control));
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.closed) resolve();
    else socket.once('close', () => resolve());
  });
}
