import { signatureVerify } from '#polkadot/util-crypto';
import { PeerError } from '../errors.ts';
import { grantText, MAX_GRANT_MS, type Permission, type SignedGrant } from './grant.ts';

export interface GrantExpectation {
  readonly genesisHash: string;
  /** The authenticated peer id of the very connection, never one that a message names. */
  readonly peer: string;
  readonly permission: Permission;
  /** The chain's time as far as it can be by now, ms since 1970. */
  readonly now: number;
  /** The time of its newest block, which is earlier where it has stood still since. By default `now`. */
  readonly blockTime?: number;
}

/** Everything about a grant but its signature: cheap, so that it comes first. Throws PeerError GRANT_*. */
export function checkGrantTerms(grant: SignedGrant, expected: GrantExpectation): void {
  if (grant.genesisHash.toLowerCase() !== expected.genesisHash.toLowerCase()) {
    throw new PeerError(
      'GRANT_WRONG_CHAIN',
      'This access grant is for another chain; connect to the chain of the lease',
    );
  }
  if (!grant.permissions.includes(expected.permission)) {
    throw new PeerError('GRANT_NOT_PERMITTED', `This access grant does not allow "${expected.permission}"`);
  }
  // A renter signs by the newest block's time, and knows no other: a chain that stands still ends no grant.
  if (grant.notAfter <= (expected.blockTime ?? expected.now)) {
    throw new PeerError(
      'GRANT_EXPIRED',
      `This access grant ended at ${isoTime(grant.notAfter)}, and by the chain's time it is later; sign a new one by that time`,
    );
  }
  if (grant.notAfter > expected.now + MAX_GRANT_MS) {
    throw new PeerError(
      'GRANT_TOO_LONG',
      "This access grant would last longer than 24 hours by the chain's time; sign a shorter one by that time",
    );
  }
}

/** Whether the account signed this grant for this peer (sr25519, ed25519 or ecdsa; wrapped in <Bytes> or not). */
export function checkGrantSignature(grant: SignedGrant, peer: string): void {
  const { account, signature, ...terms } = grant;
  if (!isSignatureOf(grantText({ ...terms, peer }), signature, account)) {
    throw new PeerError(
      'GRANT_SIGNATURE',
      `This access grant was not signed by its account for peer ${peer}; sign one for this client`,
    );
  }
}

/** Both checks. That the account rents the lease is for the chain to say. */
export function verifyGrant(grant: SignedGrant, expected: GrantExpectation): void {
  checkGrantTerms(grant, expected);
  checkGrantSignature(grant, expected.peer);
}

function isSignatureOf(text: string, signature: Uint8Array, account: Uint8Array): boolean {
  try {
    return signatureVerify(text, signature, account).isValid;
  } catch {
    // Thrown for lengths and points that cannot be a signature or a key: as false as any other.
    return false;
  }
}

function isoTime(ms: number): string {
  return Number.isFinite(new Date(ms).getTime()) ? new Date(ms).toISOString() : String(ms);
}
