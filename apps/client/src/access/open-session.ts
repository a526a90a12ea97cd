import { join } from 'node:path';
import type { ChainClient, Lease } from '@hamster/chain-client';
import type { Host, Identity } from '@hamster/p2p';
import { CliError, EXIT } from '../cli/errors.ts';
import type { Account } from '../cli/account.ts';
import type { Context } from '../cli/context.ts';
import type { Settings } from '../cli/settings.ts';
import { ownLiveLease } from '../commands/own-lease.ts';
import { readPreferences } from '../cli/preferences.ts';
import { loadSession, PERMISSIONS, removeSession, saveSession } from './session.ts';
import type { Session, SessionPlace } from './session.ts';

/** Under the 24 hours that a provider takes, so that its node may be behind ours. */
const GRANT_MS = 20 * 3_600_000;
/** A grant that ends sooner is replaced while somebody is there to sign. */
const RENEW_BELOW_MS = 10 * 3_600_000;
/** For so long the chain need not be asked again. */
const FRESH_MS = 60_000;
const LEAST_LEFT_MS = 60_000;

/** This client's own peer identity; grants are bound to it. */
export async function clientIdentity(home: string): Promise<Identity> {
  const { loadOrCreateIdentity } = await import('@hamster/p2p');
  return loadOrCreateIdentity(join(home, 'peer.key'));
}

/** A libp2p host that only dials. */
export async function clientHost({ home, swarmKey }: Pick<Settings, 'home' | 'swarmKey'>): Promise<Host> {
  const { createHost, swarmKeyOption } = await import('@hamster/p2p');
  return createHost({ identity: await clientIdentity(home), ...(await swarmKeyOption(swarmKey)) });
}

/** Asks the chain how to reach a lease of this account, and has the account sign a grant where none is left. */
export async function openSession(context: Context, id: number): Promise<Session> {
  const chain = await context.chain();
  const account = await context.account();
  const lease = await ownLiveLease(chain, id, account.address);
  const [provider, gateways, chainTime, { resourceOrder }] = await Promise.all([
    providerOf(chain, lease),
    onlineGateways(chain),
    chain.now({ signal: context.signal }),
    chain.parameters({ signal: context.signal }),
  ]);
  const { peerId } = await clientIdentity(context.settings.home);
  const place = await placeOf(context);
  const { genesisHash } = chain.chain;
  const cached = await loadSession(place, id);
  const usable =
    cached?.genesisHash === genesisHash && cached.account === account.address && cached.grant.peer === peerId;
  // The provider judges by the chain's time; the clock here may be wrong, and the chain may have stood still.
  const left = usable ? cached.grant.notAfter - chainTime : 0;
  const terms = { genesisHash, lease: id, peer: peerId, notAfter: chainTime + GRANT_MS };
  const grant =
    usable && left > RENEW_BELOW_MS && left <= GRANT_MS
      ? cached.grant
      : await newGrant(account, terms).catch((error: unknown) => {
          if (usable && left > LEAST_LEFT_MS && isLocked(error)) return cached.grant;
          throw error;
        });
  const session = {
    lease: id,
    genesisHash,
    account: account.address,
    provider,
    gateways,
    grant,
    savedAt: Date.now(),
    ending: { at: lease.endsAt, toldFrom: lease.endsAt - resourceOrder.hour, chainTime },
    hostKey: lease.sshHostKey,
    publicKey: lease.sshPublicKey,
  };
  // Only a new grant is missed where it cannot be kept: ssh starts a process that needs it.
  await saveSession(place, session).catch((error: unknown) => {
    if (grant !== cached?.grant) throw error;
  });
  return session;
}

/** What the chain said within the last minute, if it was asked; else undefined. A clock that was set since tells of no minute. */
export async function recentSession(context: Context, id: number): Promise<Session | undefined> {
  const saved = await savedSession(context, id);
  const age = saved && Date.now() - saved.savedAt;
  return age !== undefined && age >= 0 && age < FRESH_MS ? saved : undefined;
}

/** What was known a moment ago, else what the chain says now; while that is away, what it said last. */
export async function knownSession(context: Context, id: number): Promise<Session> {
  const recent = await recentSession(context, id);
  if (recent) return recent;
  try {
    return await openSession(context, id);
  } catch (error) {
    const old = isChainAway(error) ? await savedSession(context, id) : undefined;
    if (old) return old;
    throw error;
  }
}

export function isChainAway(error: unknown): boolean {
  return error instanceof Error && error.name === 'ChainUnreachable';
}

/** The session of last time, however old. Whether its grant still lasts, the chain's time says, and not this computer's clock. */
export async function savedSession(context: Context, id: number): Promise<Session | undefined> {
  return loadSession(await placeOf(context), id);
}

/** Forgets how to reach a lease that has ended. */
export async function closeSession(context: Context, id: number): Promise<void> {
  await removeSession(await placeOf(context), id);
}

/** Whose sessions a command uses, on which chain. */
export async function placeOf({ settings }: Context): Promise<SessionPlace> {
  const { home, chain, account, devAccount } = settings;
  const { defaultAccount = '' } = await readPreferences(home);
  return { home, chain, account: devAccount === undefined ? (account ?? defaultAccount) : `//${devAccount}` };
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

/** A daemon that has let go of the key goes on with the grant that it has. */
function isLocked(error: unknown): boolean {
  return error instanceof CliError && error.code === 'KEY_LOCKED';
}

async function newGrant(
  account: Account,
  terms: { genesisHash: string; lease: number; peer: string; notAfter: number },
): Promise<Session['grant']> {
  const { signGrant } = await import('@hamster/p2p');
  const pair = await account.unlock();
  const grant = await signGrant(
    { ...terms, lease: BigInt(terms.lease), permissions: PERMISSIONS },
    // Wrapped as a wallet's signRaw does: so no such text can ever be a transaction.
    { address: account.address, signText: (text) => Promise.resolve(pair.sign(`<Bytes>${text}</Bytes>`)) },
  );
  const { peer, notAfter } = terms;
  return { peer, accountId: hex(grant.account), signature: hex(grant.signature), notAfter };
}

function hex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString('hex')}`;
}
