import { PeerError } from '../errors.ts';
import { fieldsOf, unsigned, type Fields } from '../wire/cbor.ts';
import { PERMISSIONS, type Permission, type SignedGrant } from './grant.ts';

const HASH = /^0x[0-9a-f]{64}$/i;

/** What every request to a provider begins with: who allows it, and which lease it is about. */
export interface GrantedRequest {
  readonly grant: SignedGrant;
  readonly lease: bigint;
}

/** Throws PeerError MESSAGE_MALFORMED or GRANT_MALFORMED naming the field. */
export function decodeGranted(message: Fields): GrantedRequest {
  const lease = unsigned(message['lease']);
  if (lease === undefined) throw new PeerError('MESSAGE_MALFORMED', 'The request names no lease');
  return { grant: decodeGrant(message['grant']), lease };
}

function decodeGrant(value: unknown): SignedGrant {
  const { genesisHash, lease, permissions, notAfter, account, signature } = fieldsOf(value, 'grant');
  if (typeof genesisHash !== 'string' || !HASH.test(genesisHash)) throw malformed('genesisHash');
  if (!(account instanceof Uint8Array) || account.length !== 32) throw malformed('account');
  if (!(signature instanceof Uint8Array) || signature.length < 64 || signature.length > 66) {
    throw malformed('signature');
  }
  if (typeof notAfter !== 'number' || !Number.isSafeInteger(notAfter)) throw malformed('notAfter');
  const id = unsigned(lease);
  if (id === undefined) throw malformed('lease');
  return {
    genesisHash,
    lease: id,
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

function malformed(field: string): PeerError {
  return new PeerError('GRANT_MALFORMED', `The access grant's field "${field}" is missing or malformed`);
}
