import { serveGranted, type Admitted, type Claim, type Denial } from '../access/serve-granted.ts';
import type { GrantedOptions, GrantedServer } from '../access/serve-granted.ts';
import { asError, PeerError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { beforeAbort } from '../signals.ts';
import { finish } from '../streams/finish.ts';
import { encodeYes } from '../wire/reply.ts';
import type { ControlAnswer, ControlCommand } from './commands.ts';
import {
  CONTROL_PROTOCOL,
  decodeControlRequest,
  MAX_CONTROL_MESSAGE,
  type ControlRequest,
} from './protocol.ts';

type Answer = ControlAnswer<ControlCommand['name']>;

interface Yes {
  readonly ok: true;
}

export interface ControlServerOptions extends GrantedOptions {
  /** Is the account the renter of that lease on chain now? May reject: the client is told to retry. */
  authorise(claim: Claim, signal: AbortSignal): Promise<Yes | Denial>;
  /**
   * Carries a command out to its end, whether or not the client still waits. The signal aborts when the lease ends or
   * the command takes too long. A PeerError is told to the client; other errors are not.
   */
  run(command: ControlCommand, claim: Claim, signal: AbortSignal): Promise<Answer>;
  readonly limits?: Partial<ControlLimits>;
}

export interface ControlLimits {
  readonly perPeer: number;
  readonly perLease: number;
  readonly total: number;
  /** From the stream's start until the request is admitted, in ms. */
  readonly handshakeMs: number;
  readonly commandMs: number;
}

const LIMITS: ControlLimits = {
  perPeer: 16,
  perLease: 8,
  total: 256,
  handshakeMs: 15_000,
  commandMs: 600_000,
};

/** Answers `/hamster/control/1` on a provider's host: one command and one answer a stream. */
export function serveControl(host: Host, options: ControlServerOptions): Promise<GrantedServer> {
  const bounds = { ...LIMITS, ...options.limits };
  const protocol = {
    name: CONTROL_PROTOCOL,
    permission: 'control' as const,
    maxMessage: MAX_CONTROL_MESSAGE,
    bounds,
    decode: decodeControlRequest,
    authorise: (_: ControlRequest, claim: Claim, signal: AbortSignal) => options.authorise(claim, signal),
    serve: (admitted: Admitted<ControlRequest, Yes>) => serve(options, bounds, admitted),
  };
  return serveGranted<ControlRequest, Yes>(host, protocol, options);
}

async function serve(
  options: ControlServerOptions,
  { commandMs, handshakeMs }: ControlLimits,
  { request, claim, stream, messages, ended }: Admitted<ControlRequest, Yes>,
): Promise<void> {
  const signal = AbortSignal.any([ended, AbortSignal.timeout(commandMs)]);
  const answer = await answerOf(options, request.command, claim, signal);
  try {
    messages.write(encodeYes({ answer }));
    await finish(stream, AbortSignal.timeout(handshakeMs));
  } catch (error) {
    // It was done; that nobody heard of it is no refusal.
    stream.abort(asError(error));
  }
}

async function answerOf(
  options: ControlServerOptions,
  command: ControlCommand,
  claim: Claim,
  signal: AbortSignal,
): Promise<Answer> {
  try {
    return await beforeAbort(options.run(command, claim, signal), signal);
  } catch (cause) {
    if (!signal.aborted || cause instanceof PeerError) throw cause;
    if (signal.reason instanceof PeerError) throw signal.reason;
    const message = `The machine has not finished "${command.name}" in time; see how it is, then try again`;
    throw new PeerError('COMMAND_FAILED', message, { cause });
  }
}
