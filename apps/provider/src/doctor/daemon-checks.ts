import { SLOW_FINALITY } from '../chain/finality-watch.ts';
import { counted } from '../wording.ts';
import { note, ok, stops, type Check } from './check.ts';
import type { Facts } from './facts.ts';

/** Reports may be late this many times before the doctor says so; the chain is as patient. */
const LATE_BEATS = 3;

/** Whether the daemon does its part, and whether renters get through to it. */
export function daemonChecks(facts: Facts): Check[] {
  const { daemon } = facts;
  if (daemon === undefined) return [noDaemon(facts)];
  return [
    ok('daemon', 'The daemon runs.'),
    beatCheck(facts, daemon),
    ...gatewayChecks(facts, daemon),
    ...portCheck(daemon),
    ...finalityCheck(daemon),
    ...hindranceChecks(daemon),
  ];
}

/** Orders come all the same, but what has ended makes no room for them. */
function finalityCheck({ reconciler }: NonNullable<Facts['daemon']>): Check[] {
  const { notFinal = 0 } = reconciler;
  if (notFinal <= SLOW_FINALITY) return [];
  return [
    note(
      'finality',
      `The last ${notFinal} blocks are not final: machines whose lease ended in them are destroyed only when they are. Ask who runs the chain.`,
    ),
  ];
}

/** Found at the daemon's start, and looked at again until it is mended. */
function hindranceChecks({ hindrances = [] }: NonNullable<Facts['daemon']>): Check[] {
  return hindrances.map(({ stops: all, detail }) =>
    all
      ? stops(
          'orders',
          `${dotted(detail)} Leases go on; orders are taken again by themselves when it is mended.`,
        )
      : note('orders', `${dotted(detail)} The other images are offered.`),
  );
}

const dotted = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

/** Renters come through gateways all the same. */
function portCheck({ port }: NonNullable<Facts['daemon']>): Check[] {
  if (port?.state === 'mapped')
    return [ok('port', `The router forwards ${port.address}: renters come directly, past the gateways.`)];
  if (port?.state !== 'unmapped') return [];
  return [
    note(
      'port',
      `The router forwards no port (${port.why}): renters come through gateways, unless a direct way is found. Forward one by hand and --announce it, or set --no-map-port.`,
    ),
  ];
}

function noDaemon({ chain }: Facts): Check {
  const none = 'No daemon with an API runs here with this --home';
  if ('trouble' in chain || chain.value.behind || chain.value.syncing)
    return stops('daemon', `${none}. One that was started waits for its chain: mend that first.`);
  return stops('daemon', `${none}: start it, so that orders are accepted.`);
}

function beatCheck(
  { now, chain }: Facts,
  { heartbeat, leases, startedAt }: NonNullable<Facts['daemon']>,
): Check {
  const since = now - (heartbeat.lastAt ?? startedAt);
  const interval = 'value' in chain ? chain.value.market.rules.resourceOrder.heartbeatInterval : undefined;
  const late = interval !== undefined && since > LATE_BEATS * interval;
  const text = `The last heartbeat went through ${Math.round(since / 1000)} seconds ago`;
  const why = heartbeat.lastError === undefined ? '' : ` The last failure: ${heartbeat.lastError}`;
  if (late && heartbeat.failed > 0)
    return stops(
      'heartbeat',
      `${text}: ${counted(leases, 'lease')} without a report; leases end as faults.${why}`,
    );
  if (heartbeat.lastAt === undefined) return note('heartbeat', `No heartbeat went through yet.${why}`);
  return ok('heartbeat', `${text}, for ${counted(leases, 'lease')}.`);
}

function gatewayChecks({ chain, route }: Facts, { gateways }: NonNullable<Facts['daemon']>): Check[] {
  const listed = 'value' in chain ? chain.value.gateways : undefined;
  if (gateways.length === 0) return [noGateway(listed)];
  const held = ok('gateways', `Renters come through ${counted(gateways.length, 'gateway')}.`);
  if (route === undefined) return [held];
  if ('value' in route) return [held, ok('reachable', 'A stranger reaches this machine through a gateway.')];
  return [held, stops('reachable', `A stranger does not reach this machine: ${route.trouble}`)];
}

function noGateway(listed: number | undefined): Check {
  if (listed === 0)
    return stops(
      'gateways',
      'The chain lists no gateway that is online, so that no renter gets here. Wait, or run one.',
    );
  return stops(
    'gateways',
    'No gateway holds a place for this machine, so that no renter gets here. Check that this host may connect out to the gateways.',
  );
}
