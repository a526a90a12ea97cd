/** What a grant's holder may do with the lease's machine. */
export type Permission = 'tunnel' | 'control' | 'console' | 'inspect';

export const PERMISSIONS: readonly Permission[] = ['tunnel', 'control', 'console', 'inspect'];

/** The longest time that a grant may still run by the chain's time, in ms. */
export const MAX_GRANT_MS = 24 * 60 * 60 * 1000;

/** What the renter's account allows to one peer, as it is written in the text that the account signs. */
export interface Grant {
  /** Hash of the chain's first block, 0x-prefixed hex. */
  readonly genesisHash: string;
  readonly lease: bigint;
  /** Peer id (base58 text) of the one client that may use the grant. */
  readonly peer: string;
  readonly permissions: readonly Permission[];
  /** Moment of the chain's time, in ms since 1970, after which the grant opens nothing. */
  readonly notAfter: number;
}

/** A grant as it travels: without the peer id, which the receiver takes from the connection itself. */
export interface SignedGrant extends Omit<Grant, 'peer'> {
  /** The signer, 32-byte account id. */
  readonly account: Uint8Array;
  /** 64 bytes (sr25519, ed25519) or 65 (ecdsa), or one more with the scheme's number in front. */
  readonly signature: Uint8Array;
}

/** The text that the account signs, readable in a wallet's dialog. */
export function grantText(grant: Grant): string {
  return [
    'hamster access grant',
    `genesis: ${grant.genesisHash.toLowerCase()}`,
    `lease: ${grant.lease}`,
    `peer: ${grant.peer}`,
    `allow: ${grant.permissions.join(',')}`,
    `not after: ${grant.notAfter}`,
  ].join('\n');
}
