import { decode, encode } from 'cborg';
import { isPeerErrorCode, PeerError, type PeerErrorCode } from '../errors.ts';
import { PERMISSIONS, type Permission, type SignedGrant } from '../grants/grant.ts';

export const TUNNEL_PROTOCOL = '/hamster/tunnel/1';

/** No message of the handshake may be longer, in bytes. */
export const MAX_TUNNEL_MESSAGE = 2048;

/** A client's first message: who allows it what, and which port of the lease's machine it wants. */
export interface TunnelRequest {
  readonly grant: SignedGrant;
  readonly lease: bigint;
  /** TCP port of the machine, 1..65535. */
  readonly port: number;
}

export type TunnelReply =
  { readonly ok: true } | { readonly ok: false; readonly code: PeerErrorCode; readonly message: string };

const HASH = /^0x[0-9a-f]{64}$/i;

export function encodeRequest(request: TunnelRequest): Uint8Array {
  return encode({ ...request, grant: { ...request.grant } });
}

/** Throws PeerError MESSAGE_MALFORMED or GRANT_MALFORMED naming the field. */
export function decodeRequest(bytes: Uint8Array): TunnelRequest {
  const message = record(parse(bytes), 'request');
  const port = message['port'];
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new PeerError('MESSAGE_MALFORMED', `A port is a number from 1 to 65535, not ${String(port)}`);
  }
  return { grant: decodeGrant(message['grant']), lease: unsigned(message['lease'], 'lease'), port };
}

export function encodeReply(reply: TunnelReply): Uint8Array {
  return encode({ ...reply });
}

export function decodeReply(bytes: Uint8Array): TunnelReply {
  const reply = record(parse(bytes), 'reply');
  if (reply['ok'] === true) return { ok: true };
  const { code, message } = reply;
  if (reply['ok'] !== false || typeof code !== 'string' || typeof message !== 'string') {
    throw new PeerError('MESSAGE_MALFORMED', 'The provider answered with something that is no tunnel reply');
  }
  return { ok: false, code: isPeerErrorCode(code) ? code : 'PROVIDER_FAILED', message };
}

function decodeGrant(value: unknown): SignedGrant {
  const { genesisHash, lease, permissions, notAfter, account, signature } = record(value, 'grant');
  if (typeof genesisHash !== 'string' || !HASH.test(genesisHash)) throw malformed('genesisHash');
  if (!(account instanceof Uint8Array) || account.length !== 32) throw malformed('account');
  if (!(signature instanceof Uint8Array) || signature.length < 64 || signature.length > 66) {
    throw malformed('signature');
  }
  if (typeof notAfter !== 'number' || !Number.isSafeInteger(notAfter)) throw malformed('notAfter');
  return {
    genesisHash,
    lease: unsigned(lease, 'grant.lease'),
    permissions: decodePermissions(permissions),
    notAfter,
    account,
    signature,
  };
}

function decodePermissions(value: unknown): Permission[] {
  if (!Array.isArray(value) || value.length > PERMISSIONS.length) throw malformed('permissions');
  return value.map((item) => {
    const permission = PERMISSIONS.find((known) => known === item);
    if (!permission) throw malformed('permissions');
    return permission;
  });
}

function unsigned(value: unknown, field: string): bigint {
  if (typeof value === 'bigint' && value >= 0n) return value;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return BigInt(value);
  throw malformed(field);
}

function parse(bytes: Uint8Array): unknown {
  try {
    return decode(bytes, { rejectDuplicateMapKeys: true });
  } catch (cause) {
    throw new PeerError('MESSAGE_MALFORMED', 'A message came that is not CBOR', { cause });
  }
}

function record(value: unknown, what: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new PeerError('MESSAGE_MALFORMED', `The ${what} is not a map of fields`);
}

function malformed(field: string): PeerError {
  return new PeerError('GRANT_MALFORMED', `The access grant's field "${field}" is missing or malformed`);
}
