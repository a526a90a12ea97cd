import type { Duplex } from 'node:stream';
import { sentenceOf } from '@hamster/daemon';
import type { Host } from '@hamster/p2p';
import type { Context } from '../cli/context.ts';
import { CliError, EXIT } from '../cli/errors.ts';
import { openSession, recentSession, savedSession } from './open-session.ts';
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
  let current: Session;
  try {
    current = await openSession(context, id);
  } catch (error) {
    const old = isChainAway(error) ? await savedSession(context, id) : undefined;
    if (!old) throw error;
    return withoutChain(error, () => ask(old));
  }
  return ask(current);
}

/** The machine may well be reachable while the chain is not. Only the provider can tell whether the grant of last time still lasts. */
async function withoutChain<T>(chainAway: unknown, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('GRANT_'))) throw error;
    throw new CliError(
      'CHAIN_NEEDED',
      `${sentenceOf(error)}. To sign a new one, the chain must be asked. ${sentenceOf(chainAway)}`,
      EXIT.chain,
      error,
    );
  }
}

function isOutdated(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return OUTDATED.some((prefix) => code.startsWith(prefix));
}

function isChainAway(error: unknown): boolean {
  return error instanceof Error && error.name === 'ChainUnreachable';
}
