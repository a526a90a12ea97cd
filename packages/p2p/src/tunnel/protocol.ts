import { encode } from 'cborg';
import { PeerError } from '../errors.ts';
import { decodeGranted, type GrantedRequest } from '../grants/decode-grant.ts';
import { decodeFields } from '../wire/cbor.ts';

export const TUNNEL_PROTOCOL = '/hamster/tunnel/1';

/** No message of the handshake may be longer, in bytes. */
export const MAX_TUNNEL_MESSAGE = 2048;

/** A client's first message: who allows it what, and which port of the lease's machine it wants. */
export interface TunnelRequest extends GrantedRequest {
  /** TCP port of the machine, 1..65535. */
  readonly port: number;
}

export function encodeTunnelRequest(request: TunnelRequest): Uint8Array {
  return encode({ ...request, grant: { ...request.grant } });
}

/** Throws PeerError MESSAGE_MALFORMED or GRANT_MALFORMED naming the field. */
export function decodeTunnelRequest(bytes: Uint8Array): TunnelRequest {
  const message = decodeFields(bytes, 'request');
  const { port } = message;
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new PeerError('MESSAGE_MALFORMED', `A port is a number from 1 to 65535, not ${String(port)}`);
  }
  return { ...decodeGranted(message), port };
}
