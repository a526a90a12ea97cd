import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readJsonState, Type, writeJsonState } from '@hamster/daemon';
import type { Static } from '@hamster/daemon';
import type { SignedGrant } from '@hamster/p2p';

const Hex = Type.String({ pattern: '^0x([0-9a-f]{2})*$' });

/** All that is needed to reach a lease's machine, so that a proxy can start without asking the chain. */
const Schema = Type.Object({
  lease: Type.Integer(),
  genesisHash: Hex,
  /** SS58 address of the account that signed. */
  account: Type.String(),
  /** The provider's peer id. */
  provider: Type.String(),
  gateways: Type.Array(Type.Object({ peerId: Type.String(), multiaddrs: Type.Array(Type.String()) })),
  grant: Type.Object({ peer: Type.String(), accountId: Hex, signature: Hex, notAfter: Type.Integer() }),
  /** When the chain was last asked, ms since 1970 on this machine's clock. */
  savedAt: Type.Integer(),
  /** When the lease ends and from when on that is told, and what time it was on chain; ms since 1970. */
  ending: Type.Optional(
    Type.Object({ at: Type.Integer(), toldFrom: Type.Integer(), chainTime: Type.Integer() }),
  ),
  /** The machine's host key as the chain has it, and the renter's key that opens it. */
  hostKey: Type.String(),
  publicKey: Type.String(),
});

export type Session = Static<typeof Schema>;

/** Whose session, on which chain: both as they were named, so that a file is found without asking the chain. */
export interface SessionPlace {
  readonly home: string;
  readonly chain: string;
  readonly account: string;
}

/** The session kept for a lease. One that cannot be read is as good as none: it is made anew. */
export async function loadSession(place: SessionPlace, lease: number): Promise<Session | undefined> {
  return readJsonState(fileIn(place, lease), Schema).catch(() => undefined);
}

export async function saveSession(place: SessionPlace, session: Session): Promise<void> {
  await writeJsonState(fileIn(place, session.lease), session);
}

/** Forgets how to reach a lease that has ended. */
export async function removeSession(place: SessionPlace, lease: number): Promise<void> {
  await rm(fileIn(place, lease), { force: true });
}

function fileIn({ home, chain, account }: SessionPlace, lease: number): string {
  const key = createHash('sha256')
    .update(JSON.stringify([chain, account]))
    .digest('hex')
    .slice(0, 16);
  return join(home, 'sessions', key, `${lease}.json`);
}

/** The grant as the provider wants it. */
export function grantOf({ lease, genesisHash, grant }: Session): SignedGrant {
  return {
    genesisHash,
    lease: BigInt(lease),
    permissions: PERMISSIONS,
    notAfter: grant.notAfter,
    account: Buffer.from(grant.accountId.slice(2), 'hex'),
    signature: Buffer.from(grant.signature.slice(2), 'hex'),
  };
}

export const PERMISSIONS = ['tunnel', 'control', 'console'] as const;
