import { bytes, vec } from '@hamster/scale';
import { hashText } from '../../hash.ts';
import type { Hash } from '../../header.ts';
import { malformed } from '../errors.ts';
import { MessageWriter, readMessage } from '../wire/protobuf.ts';

/** `api.v1.light.Request` of light/2. Of child tries this chain has none, so nothing more is read of a request for one. */
export type LightRequest =
  | { readonly type: 'child' }
  | { readonly type: 'call'; readonly block: Hash; readonly method: string; readonly args: Uint8Array }
  | { readonly type: 'read'; readonly block: Hash; readonly keys: readonly Uint8Array[] };

const REQUEST = { call: 1, read: 2, child: 4 } as const;
const CALL = { block: 2, method: 3, args: 4 } as const;
const READ = { block: 2, keys: 3 } as const;
/** A read of a child trie is answered like any other. */
const RESPONSE = { call: 1, read: 2, child: 2 } as const;
const PROOF = 2;

const MAX_FIELDS = 4;
/** Keys that one request may name. */
const MAX_KEYS = 1024;

/** `sp_trie::StorageProof`. */
const STORAGE_PROOF = vec(bytes);

/** Throws PEER_MALFORMED. */
export function decodeLightRequest(message: Uint8Array): LightRequest {
  const fields = readMessage(message, MAX_FIELDS);
  const call = fields.bytes(REQUEST.call);
  if (call) return decodeCall(call);
  const read = fields.bytes(REQUEST.read);
  if (read) return decodeRead(read);
  if (fields.bytes(REQUEST.child)) return { type: 'child' };
  throw malformed('a request that neither calls nor reads');
}

function decodeCall(message: Uint8Array): LightRequest {
  const fields = readMessage(message, MAX_FIELDS);
  return {
    type: 'call',
    block: blockOf(fields.bytes(CALL.block)),
    method: new TextDecoder().decode(fields.bytes(CALL.method)),
    args: fields.bytes(CALL.args) ?? new Uint8Array(0),
  };
}

function decodeRead(message: Uint8Array): LightRequest {
  const fields = readMessage(message, MAX_KEYS + 1);
  return { type: 'read', block: blockOf(fields.bytes(READ.block)), keys: fields.all(READ.keys) };
}

function blockOf(hash: Uint8Array | undefined): Hash {
  if (hash?.length !== 32) throw malformed('a request that names no block');
  return hashText(hash);
}

export const encodeLightResponse = (type: LightRequest['type'], proof: readonly Uint8Array[]): Uint8Array =>
  new MessageWriter()
    .bytes(RESPONSE[type], new MessageWriter().bytes(PROOF, STORAGE_PROOF.encode([...proof])).finish())
    .finish();

/** Of a request that cannot be answered: it says so by having no proof. */
export const encodeLightRefusal = (type: LightRequest['type']): Uint8Array =>
  new MessageWriter().bytes(RESPONSE[type], new Uint8Array(0)).finish();
