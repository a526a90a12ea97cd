import type { Duplex } from 'node:stream';
import type { Host } from '@hamster/p2p';
import type { Context } from '../cli/context.ts';
import { openSession, recentSession, usableSession } from './open-session.ts';
import type { Session } from './session.ts';
import { tunnelsOf } from './tunnel.ts';

export interface Reached {
  readonly tunnel: Duplex;
  readonly session: Session;
}

/** Refusals that what the chain says now may mend, or explain better than the provider can. */
const OUTDATED = ['LEASE_', 'NOT_RENTER', 'GRANT_', 'NO_ROUTE', 'NO_GATEWAY'];

/** A stream to a port of a lease's machine. */
export async function reach(context: Context, host: Host, id: number, port: number): Promise<Reached> {
  return bySession(context, id, async (session) => {
    const tunnels = await tunnelsOf(host, () => session);
    return { session, tunnel: await tunnels.open(port, context.signal) };
  });
}

/**
 * Asks something of a lease's provider, by what is known already if that works. So a login that follows another does not
 * ask the chain, and one succeeds while the chain is away.
 */
export async function bySession<T>(
  context: Context,
  id: number,
  ask: (session: Session) => Promise<T>,
): Promise<T> {
  const recent = await recentSession(context, id);
  if (recent) {
    try {
      return await ask(recent);
    } catch (error) {
      if (!isOutdated(error)) throw error;
    }
  }
  return ask(await currentSession(context, id));
}

/** The machine may well be reachable while the chain is not. */
async function currentSession(context: Context, id: number): Promise<Session> {
  try {
    return await openSession(context, id);
  } catch (error) {
    const old = isChainAway(error) ? await usableSession(context, id) : undefined;
    if (old) return old;
    throw error;
  }
}

function isOutdated(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return OUTDATED.some((prefix) => code.startsWith(prefix));
}

function isChainAway(error: unknown): boolean {
  return error instanceof Error && error.name === 'ChainUnreachable';
}
