import type { Stream } from '@libp2p/interface';
import { asError, PeerError } from '../errors.ts';
import type { Framed } from '../streams/framed.ts';
import { pump } from '../streams/pump.ts';
import type { CircuitPlace } from './circuits.ts';
import { controlsOf } from './controls.ts';
import { encodeHopStatus } from './messages.ts';
import type { HopExchange, RelayService } from './service.ts';
import type { Cut } from './tally.ts';
import type { Ends } from './traffic.ts';

/** The destination's end of a circuit. */
export interface FarEnd {
  readonly stream: Stream;
  readonly messages: Framed;
}

export interface Joint extends Ends {
  readonly far: FarEnd;
  readonly place: CircuitPlace;
}

const CUT_SENTENCES: Record<Cut, string> = {
  'not-allowed': 'This peer may no longer be reached through here',
  bytes: 'This relayed connection has used up its bytes',
  time: 'This relayed connection has used up its time',
  'bytes-of-the-day': 'The bytes of this day are used up',
  memory: 'Too much waited for this reader',
};

/** Lets a circuit live: bytes both ways, within the limits, until both of its streams are closed. */
export function join(service: RelayService, exchange: HopExchange, joint: Joint): void {
  const { far, place } = joint;
  const streams = [exchange.stream, far.stream] as const;
  const abort = (cut: Cut): void => {
    if (streams.every(({ status }) => status !== 'open')) return;
    service.cuts.add(cut);
    const reason = new PeerError('RELAY_LIMIT', CUT_SENTENCES[cut]);
    for (const stream of streams) stream.abort(reason);
  };
  const { circuitMs } = service.limits;
  const timer = Number.isFinite(circuitMs) ? setTimeout(abort, circuitMs, 'time').unref() : undefined;
  const controls = controlsOf(service, joint, abort);
  afterClose(streams, () => {
    clearTimeout(timer);
    place.release();
    controls.end();
  });
  const buffered = (): number =>
    streams.reduce((sum, stream) => sum + stream.readBufferLength + stream.writeBufferLength, 0);
  place.fill({ abort, buffered });
  try {
    exchange.messages.write(encodeHopStatus('OK'));
    controls.start('from-source', (control) => pump(exchange.messages.detach(), far.stream, control));
    controls.start('from-holder', (control) => pump(far.messages.detach(), exchange.stream, control));
  } catch (error) {
    for (const stream of streams) stream.abort(asError(error));
  }
}

function afterClose(streams: readonly Stream[], callback: () => void): void {
  const open = new Set(streams.filter(({ status }) => status === 'open'));
  for (const stream of open) {
    stream.addEventListener('close', () => {
      open.delete(stream);
      if (open.size === 0) callback();
    });
  }
  if (open.size === 0) callback();
}
