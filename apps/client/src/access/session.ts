import { createHash } from 'node:crypto';
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
});

export type Session = Static<typeof Schema>;

/** A chain is told apart by its address: the file must be found without asking it. */
function fileIn(home: string, chain: string, lease: number): string {
  const key = createHash('sha256').update(chain).digest('hex').slice(0, 16);
  return join(home, 'sessions', key, `${lease}.json`);
}

export async function loadSession(home: string, chain: string, lease: number): Promise<Session | undefined> {
  return readJsonState(fileIn(home, chain, lease), Schema);
}

export async function saveSession(home: string, chain: string, session: Session): Promise<void> {
  await writeJsonState(fileIn(home, chain, session.lease), session);
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
