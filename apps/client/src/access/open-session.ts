import { join } from 'node:path';
import type { ChainClient, Lease } from '@hamster/chain-client';
import type { Host, Identity } from '@hamster/p2p';
import { CliError, EXIT } from '../cli/errors.ts';
import type { Account } from '../cli/account.ts';
import type { Context } from '../cli/context.ts';
import { ownLiveLease } from '../commands/own-lease.ts';
import { loadSession, PERMISSIONS, saveSession } from './session.ts';
import type { Session } from './session.ts';

/** Under the 24 hours that a provider takes, so that clocks may differ. */
const GRANT_MS = 20 * 3_600_000;
/** A grant that ends sooner is replaced while somebody is there to sign. */
const RENEW_BELOW_MS = 10 * 3_600_000;

/** This client's own peer identity; grants are bound to it. */
export async function clientIdentity(home: string): Promise<Identity> {
  const { loadOrCreateIdentity } = await import('@hamster/p2p');
  return loadOrCreateIdentity(join(home, 'peer.key'));
}

/** A libp2p host that only dials. */
export async function clientHost(home: string): Promise<Host> {
  const { createHost } = await import('@hamster/p2p');
  return createHost({ identity: await clientIdentity(home) });
}

/** Asks the chain how to reach a lease of this account, and has the account sign a grant where none is left. */
export async function openSession(context: Context, id: number): Promise<{ session: Session; lease: Lease }> {
  const chain = await context.chain();
  const account = await context.account();
  const lease = await ownLiveLease(chain, id, account.address);
  const [provider, gateways] = await Promise.all([providerOf(chain, lease), onlineGateways(chain)]);
  const { home, chain: url } = context.settings;
  const { peerId } = await clientIdentity(home);
  const { genesisHash } = chain.chain;
  const cached = await loadSession(home, url, id);
  const usable =
    cached?.genesisHash === genesisHash && cached.account === account.address && cached.grant.peer === peerId;
  const grant =
    usable && cached.grant.notAfter - Date.now() > RENEW_BELOW_MS
      ? cached.grant
      : await newGrant(account, { genesisHash, lease: id, peer: peerId });
  const session = {
    lease: id,
    genesisHash,
    account: account.address,
    provider,
    gateways,
    grant,
    savedAt: Date.now(),
  };
  await saveSession(home, url, session);
  return { session, lease };
}

/** The gateways that a tunnel may go through. Throws CliError `NO_GATEWAY`. */
export async function onlineGateways(chain: ChainClient): Promise<Session['gateways']> {
  const gateways = (await chain.gateways()).map(({ peerId, multiaddrs }) => ({ peerId, multiaddrs }));
  if (gateways.length > 0) return gateways;
  throw new CliError(
    'NO_GATEWAY',
    'No gateway is online at present, so machines cannot be reached. Try again in a minute.',
    EXIT.unreachable,
  );
}

async function providerOf(chain: ChainClient, lease: Lease): Promise<string> {
  const resource = await chain.resource(lease.resource);
  if (resource) return resource.peerId;
  throw new CliError(
    'NO_SUCH_MACHINE',
    `The machine ${lease.resource} of lease ${lease.id} is no longer on chain.`,
    EXIT.noLease,
  );
}

async function newGrant(
  account: Account,
  terms: { genesisHash: string; lease: number; peer: string },
): Promise<Session['grant']> {
  const { signGrant } = await import('@hamster/p2p');
  const pair = await account.unlock();
  const notAfter = Date.now() + GRANT_MS;
  const grant = await signGrant(
    { ...terms, lease: BigInt(terms.lease), permissions: PERMISSIONS, notAfter },
    // Wrapped as a wallet's signRaw does: so no such text can ever be a transaction.
    { address: account.address, signText: (text) => Promise.resolve(pair.sign(`<Bytes>${text}</Bytes>`)) },
  );
  return { peer: terms.peer, accountId: hex(grant.account), signature: hex(grant.signature), notAfter };
}

function hex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString('hex')}`;
}
