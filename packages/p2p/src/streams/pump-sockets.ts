import type { Socket } from 'node:net';
import { giveBack } from './give-back.ts';
import type { Pump, PumpControl } from './pump.ts';

/** As `pump`, between TCP sockets: all that comes from one goes to the other, as fast as that takes it, and its end. */
export function pumpSocket(from: Socket, to: Socket, control: PumpControl): Pump {
  from.on('data', (bytes: Buffer) => {
    control.onBytes(bytes.length);
    const takesMore = to.write(bytes, () => giveBack(bytes));
    if (!control.mayRead() || !takesMore) from.pause();
  });
  to.on('drain', () => control.mayRead() && from.resume());
  from.on('end', () => to.end());
  from.on('close', () => to.destroySoon());
  from.resume();
  return {
    resume: () => {
      if (!to.writableNeedDrain) from.resume();
    },
  };
}
