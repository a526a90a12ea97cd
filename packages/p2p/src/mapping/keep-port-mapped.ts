import { isIPv4 } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { isPrivateIp } from '@libp2p/utils';
import { asError, PeerError } from '../errors.ts';
import { natPmp } from './nat-pmp.ts';
import type { Asked, Granted, PortMapper, Wish } from './port-mapper.ts';
import { defaultRouter, type Router } from './router.ts';
import { upnp } from './upnp.ts';

/** Whether the router forwards a port to this host. */
export type PortMapping =
  | { readonly state: 'searching' }
  | {
      readonly state: 'mapped';
      /** Multiaddr under which the internet reaches the port. */
      readonly address: string;
      readonly by: PortMapper['name'];
    }
  /** The router does not do it; or it need not, for nobody would come that way. */
  | { readonly state: 'unmapped' | 'unneeded'; readonly why: string };

export interface PortKeeperOptions {
  /** The TCP port that listens on this address of this host; undefined when none does. */
  portAt(address: string): number | undefined;
  /** Told of each change. What it throws is its own affair, and ends nothing. */
  onChange?: ((mapping: PortMapping) => void) | undefined;
  findRouter?: () => Promise<Router | undefined>;
  mappers?: readonly PortMapper[];
  everyMs?: number;
}

export interface PortKeeper {
  current(): PortMapping;
  /** Has the router forget the mapping, for which it gets a few seconds. */
  stop(): Promise<void>;
}

interface Held {
  readonly asked: Asked;
  readonly wish: Wish;
  readonly mapping: Extract<PortMapping, { state: 'mapped' }>;
}

/** Well within a mapping's time, and soon after a router has lost it, or has got another address. */
const EVERY_MS = 10 * 60_000;
const ROUND_MS = 30_000;
const UNMAP_MS = 3_000;
/** A router that grants seconds is not asked all the time. */
const SHORTEST_MS = 60_000;

/** Has the router of this network forward a port for as long as this runs. What does not go is tried again later, and harms nothing. */
export function keepPortMapped(options: PortKeeperOptions): PortKeeper {
  const ending = new AbortController();
  let mapping: PortMapping = { state: 'searching' };
  let held: Held | undefined;

  const show = (next: PortMapping): void => {
    const same = JSON.stringify(next) === JSON.stringify(mapping);
    mapping = next;
    if (!same) tell(options, next);
  };

  async function round(): Promise<number> {
    const { everyMs = EVERY_MS } = options;
    const before = held;
    try {
      const { seconds, ...now } = await mapOnce(options, before, ending.signal);
      held = now;
      if (before && before.mapping.by !== now.mapping.by) await unmapQuietly(before.asked, before.wish);
      show(now.mapping);
      return Math.min(everyMs, Math.max(SHORTEST_MS, (seconds * 1000) / 2));
    } catch (error) {
      if (ending.signal.aborted) return 0;
      held = undefined;
      if (before) await unmapQuietly(before.asked, before.wish);
      const state = error instanceof Unneeded ? 'unneeded' : 'unmapped';
      show({ state, why: asError(error).message });
      return everyMs;
    }
  }

  async function run(): Promise<void> {
    while (!ending.signal.aborted) {
      const pauseMs = await round();
      await wait(pauseMs, undefined, { signal: ending.signal, ref: false }).catch(() => undefined);
    }
    if (held) await unmapQuietly(held.asked, held.wish);
  }

  const running = run();
  return {
    current: () => mapping,
    stop() {
      ending.abort(new PeerError('PORT_MAPPING', 'The host stops'));
      return running;
    },
  };
}

function tell({ onChange }: PortKeeperOptions, mapping: PortMapping): void {
  try {
    onChange?.(mapping);
  } catch {
    // A mapping is kept, and given back, for whoever listens badly, too.
  }
}

type Mapped = Held & Pick<Granted, 'seconds'>;

async function mapOnce(
  { portAt, findRouter = defaultRouter, mappers = [natPmp(), upnp()] }: PortKeeperOptions,
  held: Held | undefined,
  ending: AbortSignal,
): Promise<Mapped> {
  const router = await findRouter();
  if (!router) throw unmapped('this host knows no router to the internet');
  if (isPrivateIp(router.from) !== true) throw new Unneeded('this host has a public address itself');
  const port = portAt(router.from);
  if (port === undefined)
    throw new Unneeded(`nothing listens on ${router.from}, the address towards the router`);
  const reasons: string[] = [];
  for (const mapper of mappers) {
    const signal = AbortSignal.any([ending, AbortSignal.timeout(ROUND_MS)]);
    try {
      // What it gave before is what it is asked for again.
      const external = held?.mapping.by === mapper.name ? held.wish.external : port;
      return await mapBy(mapper, router, { port, external }, signal);
    } catch (error) {
      ending.throwIfAborted();
      reasons.push(asError(error).message);
    }
  }
  throw unmapped(reasons.join('; '));
}

async function mapBy(mapper: PortMapper, router: Router, wish: Wish, signal: AbortSignal): Promise<Mapped> {
  const asked = await mapper.find(router, signal);
  const address = await asked.externalAddress(signal);
  if (!isIPv4(address) || isPrivateIp(address) !== false)
    throw unmapped(
      `${mapper.name} gives ${JSON.stringify(address.slice(0, 45))}, which is no public address; another NAT is in front of the router`,
    );
  try {
    const { external, seconds } = await asked.map(wish, signal);
    const mapping = { state: 'mapped', address: `/ip4/${address}/tcp/${external}`, by: mapper.name } as const;
    return { asked, wish: { ...wish, external }, mapping, seconds };
  } catch (error) {
    // It may have done what it did not come to say.
    if (signal.aborted) await unmapQuietly(asked, wish);
    throw error;
  }
}

async function unmapQuietly(asked: Asked, wish: Wish): Promise<void> {
  await asked.unmap(wish, AbortSignal.timeout(UNMAP_MS)).catch(() => undefined);
}

class Unneeded extends PeerError {
  constructor(why: string) {
    super('PORT_MAPPING', why);
  }
}

function unmapped(why: string): PeerError {
  return new PeerError('PORT_MAPPING', why);
}
