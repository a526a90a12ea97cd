import { encode } from 'cborg';
import { decodeGranted, type GrantedRequest } from '../grants/decode-grant.ts';
import { decodeFields } from '../wire/cbor.ts';

export const CONSOLE_PROTOCOL = '/hamster/console/1';

/** No message of the handshake may be longer, in bytes. */
export const MAX_CONSOLE_MESSAGE = 2048;

export function encodeConsoleRequest({ grant, lease }: GrantedRequest): Uint8Array {
  return encode({ grant: { ...grant }, lease });
}

/** Throws PeerError MESSAGE_MALFORMED or GRANT_MALFORMED naming the field. */
export function decodeConsoleRequest(bytes: Uint8Array): GrantedRequest {
  return decodeGranted(decodeFields(bytes, 'request'));
}
