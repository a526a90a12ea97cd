import { encode } from 'cborg';
import { Value } from 'typebox/value';
import { PeerError } from '../errors.ts';
import { decodeGranted, type GrantedRequest } from '../grants/decode-grant.ts';
import { decodeFields } from '../wire/cbor.ts';
import { ANSWERS, Command, type ControlAnswer, type ControlCommand } from './commands.ts';

export const CONTROL_PROTOCOL = '/hamster/control/1';

/** No message may be longer, in bytes: room for the most and longest SSH keys that a machine takes. */
export const MAX_CONTROL_MESSAGE = 16 * 1024;

/** A client's one message: who allows it what, and what is to be done with the lease's machine. */
export interface ControlRequest<C extends ControlCommand = ControlCommand> extends GrantedRequest {
  readonly command: C;
}

export function encodeControlRequest(request: ControlRequest): Uint8Array {
  return encode({ ...request, grant: { ...request.grant } });
}

/** Throws PeerError MESSAGE_MALFORMED or GRANT_MALFORMED naming the field. */
export function decodeControlRequest(bytes: Uint8Array): ControlRequest {
  const message = decodeFields(bytes, 'request');
  const { command } = message;
  const granted = decodeGranted(message);
  if (Value.Check(Command, command)) return { ...granted, command };
  throw new PeerError('MESSAGE_MALFORMED', 'The request holds no command that this provider knows');
}

/** Throws PeerError MESSAGE_MALFORMED for what is no answer to that command. */
export function decodeAnswer<N extends ControlCommand['name']>(name: N, value: unknown): ControlAnswer<N> {
  if (Value.Check(ANSWERS[name], value)) return value as ControlAnswer<N>;
  throw new PeerError('MESSAGE_MALFORMED', `The provider answered "${name}" with something else`);
}
