import type { ChainClient, Lease } from '@hamster/chain-client';
import { isLive } from '@hamster/chain-client/market';
import { sentenceOf } from '@hamster/daemon';
import { reachOf } from '../access/gateway-reach.ts';
import { machineStatus } from '../access/machine.ts';
import { openSession, savedSession } from '../access/open-session.ts';
import type { Session } from '../access/session.ts';
import type { Context } from '../cli/context.ts';
import { bad, ok, warn, type Finding } from './finding.ts';

/** Every gateway is dialled. One of them suffices, so only all of them together are a fault. */
export async function checkGateways(context: Context, chain: ChainClient): Promise<Finding[]> {
  const gateways = await reachOf(context, await chain.gateways());
  if (gateways.length === 0) {
    return [
      bad(
        'gateways',
        'No gateway is online.',
        'Machines cannot be reached until one is. Try again in a minute.',
      ),
    ];
  }
  const none = gateways.every(({ reach }) => !reach.ok);
  const verdict = none ? bad : warn;
  return gateways.map(({ peerId, reach }) => {
    const about = `gateway ${short(peerId)}`;
    if (reach.ok) return ok(about, `It answers in ${Math.ceil(reach.roundTripMs)} ms.`);
    const advice = none
      ? 'No gateway can be reached from here: does a firewall let this computer connect to other ports than 80 and 443?'
      : 'Another gateway is used instead.';
    return verdict(about, `${reach.why}.`, advice);
  });
}

/** Every running lease is asked how it is, with the grant that is there; nobody is asked for a passphrase. */
export async function checkLeases(context: Context, chain: ChainClient): Promise<Finding[]> {
  const account = await context.account().catch(() => undefined);
  if (!account) return [];
  const [all, now] = await Promise.all([chain.leasesOf(account.address), chain.now()]);
  const leases = all.filter(isLive);
  if (leases.length === 0) return [ok('leases', 'You rent no machine at present.')];
  const findings: Finding[] = [];
  for (const lease of leases) findings.push(await checkLease(context, lease, now));
  return findings;
}

/** @param now of the chain. */
async function checkLease(context: Context, { id, status }: Lease, now: number): Promise<Finding> {
  const about = `lease ${id}`;
  if (status === 'Disputed') return warn(about, 'It is disputed, and stands still.', 'hamster dispute list');
  const session = await sessionOf(context, id, now);
  if (!session) {
    return warn(about, 'It was not tried, as that needs the passphrase.', `Log in once: hamster ssh ${id}`);
  }
  try {
    const { state } = await machineStatus(context, session);
    if (state === 'running') return ok(about, 'Its machine answers.');
    return warn(about, `Its machine is ${state}.`, `hamster status ${id}`);
  } catch (error) {
    const advice =
      'While its provider is silent you pay nothing. If it stays so, see: hamster dispute open --help';
    return bad(about, sentenceOf(error), advice);
  }
}

async function sessionOf(context: Context, id: number, now: number): Promise<Session | undefined> {
  if (context.settings.devAccount !== undefined) return openSession(context, id);
  const saved = await savedSession(context, id);
  return saved && saved.grant.notAfter > now ? saved : undefined;
}

function short(peerId: string): string {
  return `…${peerId.slice(-8)}`;
}
