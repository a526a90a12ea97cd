import { encode } from 'cborg';
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr';
import { PeerError } from '../errors.ts';
import { decodeGranted, type GrantedRequest } from '../grants/decode-grant.ts';
import { decodeFields, type Fields } from '../wire/cbor.ts';
import { isPublic, MAX_ADDRESSES } from './addresses.ts';

export const DIRECT_PROTOCOL = '/hamster/direct/1';

/** No message of it may be longer, in bytes. */
export const MAX_DIRECT_MESSAGE = 2048;

/** A client asks how to reach the provider without a gateway. */
export interface DirectRequest extends GrantedRequest {
  /** Where a gateway sees the client come from: the provider is asked to meet it there, both dialling at once. */
  readonly observed?: Multiaddr;
}

export interface DirectAnswer {
  readonly addresses: readonly string[];
  /** Where the provider will come from, when it will meet the client. */
  readonly observed?: Multiaddr;
}

export function encodeDirectRequest({ grant, lease, observed }: DirectRequest): Uint8Array {
  return encode({ grant: { ...grant }, lease, ...(observed && { observed: observed.toString() }) });
}

/** Throws PeerError MESSAGE_MALFORMED or GRANT_MALFORMED naming the field. */
export function decodeDirectRequest(bytes: Uint8Array): DirectRequest {
  const message = decodeFields(bytes, 'request');
  return { ...decodeGranted(message), ...decodeObserved(message) };
}

export function answerFields({ addresses, observed }: DirectAnswer): Fields {
  return { addresses: [...addresses], ...(observed && { observed: observed.toString() }) };
}

/** Throws PeerError MESSAGE_MALFORMED. */
export function decodeDirectAnswer(message: Fields): DirectAnswer {
  const { addresses } = message;
  if (!Array.isArray(addresses) || addresses.length > MAX_ADDRESSES) throw malformed('addresses');
  const texts = addresses.filter((address): address is string => typeof address === 'string');
  return { addresses: texts, ...decodeObserved(message) };
}

/** Only a public address: nobody may have us knock at doors inside of our own network. */
function decodeObserved({ observed }: Fields): { observed?: Multiaddr } {
  if (observed === undefined) return {};
  if (typeof observed !== 'string') throw malformed('observed');
  let address: Multiaddr;
  try {
    address = multiaddr(observed);
  } catch {
    throw malformed('observed');
  }
  if (!isPublic(address)) throw malformed('observed');
  return { observed: address };
}

function malformed(field: string): PeerError {
  return new PeerError('MESSAGE_MALFORMED', `The field "${field}" is no public TCP address`);
}
