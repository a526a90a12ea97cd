import type { Duplex } from 'node:stream';
import { serveGranted, type Admitted, type Claim, type Denial } from '../access/serve-granted.ts';
import type { GrantedOptions, GrantedServer } from '../access/serve-granted.ts';
import { asError } from '../errors.ts';
import type { GrantedRequest } from '../grants/decode-grant.ts';
import type { Host } from '../host/host.ts';
import { joinStreams } from '../streams/join-streams.ts';
import { streamDuplex } from '../streams/stream-duplex.ts';
import { encodeYes } from '../wire/reply.ts';
import { CONSOLE_PROTOCOL, decodeConsoleRequest, MAX_CONSOLE_MESSAGE } from './protocol.ts';

interface Yes {
  readonly ok: true;
}

export interface ConsoleServerOptions extends GrantedOptions {
  /** Is the account the renter of that lease on chain now? May reject: the client is told to retry. */
  authorise(claim: Claim, signal: AbortSignal): Promise<Yes | Denial>;
  /** The machine's console. A PeerError is told to the client; other errors are not. */
  open(claim: Claim, signal: AbortSignal): Promise<Duplex>;
  readonly limits?: Partial<ConsoleLimits>;
}

export interface ConsoleLimits {
  readonly perPeer: number;
  readonly perLease: number;
  readonly total: number;
  /** From the stream's start until the console is open, in ms. */
  readonly handshakeMs: number;
}

const LIMITS: ConsoleLimits = { perPeer: 8, perLease: 4, total: 256, handshakeMs: 15_000 };

/** Answers `/hamster/console/1` on a provider's host: after the grant, the machine's console both ways. */
export function serveConsole(host: Host, options: ConsoleServerOptions): Promise<GrantedServer> {
  const protocol = {
    name: CONSOLE_PROTOCOL,
    permission: 'console' as const,
    maxMessage: MAX_CONSOLE_MESSAGE,
    bounds: { ...LIMITS, ...options.limits },
    decode: decodeConsoleRequest,
    authorise: (_: GrantedRequest, claim: Claim, signal: AbortSignal) => options.authorise(claim, signal),
    serve: (admitted: Admitted<GrantedRequest, Yes>) => serve(options, admitted),
  };
  return serveGranted<GrantedRequest, Yes>(host, protocol, options);
}

async function serve(
  options: ConsoleServerOptions,
  { claim, stream, messages, inTime, ended }: Admitted<GrantedRequest, Yes>,
): Promise<void> {
  const machine = await options.open(claim, AbortSignal.any([inTime, ended]));
  try {
    ended.throwIfAborted();
    messages.write(encodeYes());
  } catch (error) {
    machine.destroy();
    throw error;
  }
  const renter = streamDuplex(messages.detach());
  const cut = (): void => void renter.destroy(asError(ended.reason));
  ended.addEventListener('abort', cut, { once: true });
  // A renter who finished and then vanished left no error; without this an idle console would stay open for ever.
  stream.addEventListener('close', () => machine.destroy());
  await joinStreams(renter, machine);
  ended.removeEventListener('abort', cut);
}
