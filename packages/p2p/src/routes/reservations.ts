import { asError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { addressesOf, gatewaysInOrder, type GatewayAddress } from './gateway-address.ts';

export interface ReservationKeeperOptions {
  readonly host: Host;
  /** The gateways that are online now, as the chain says; asked at each look. */
  gateways(): readonly GatewayAddress[];
  /** With how many of them to keep a reservation. */
  readonly want?: number;
  /** Time between two looks, in ms. */
  readonly everyMs?: number;
  /** Told of each change with the peer ids of the gateways through which we can be reached now. */
  onChange?: (held: readonly string[]) => void;
  onFailure?: (gateway: string, error: Error) => void;
}

/** Keeps a provider reachable through gateways. */
export interface ReservationKeeper {
  /** Gateways through which we can be reached now. */
  held(): string[];
  /** Looks at once, as when the list of gateways changed. */
  look(): void;
  stop(): void;
}

const DIAL_MS = 5000;
const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 30_000;
/** Without any reservation nobody reaches us: try hard. */
const LONELY_RETRY_MS = 3000;

interface Failure {
  readonly times: number;
  readonly at: number;
}

/**
 * The library does not make a lost reservation anew; this does. It wants the first gateways of the provider's own
 * order, takes later ones in place of those that do not answer, and comes back to the first when they do.
 */
export function keepReservations(options: ReservationKeeperOptions): ReservationKeeper {
  const { host, want = 2, everyMs = 2000 } = options;
  const failures = new Map<string, Failure>();
  const trying = new Set<string>();
  let last = '';
  let stopped = false;

  function isHeld({ peerId }: GatewayAddress): boolean {
    return host.circuits.holds(peerId);
  }

  function isDue(gateway: GatewayAddress, lonely: boolean): boolean {
    const failure = failures.get(gateway.peerId);
    if (!failure) return true;
    const backoff = Math.min(
      FIRST_RETRY_MS * 2 ** (failure.times - 1),
      lonely ? LONELY_RETRY_MS : LAST_RETRY_MS,
    );
    return performance.now() - failure.at >= backoff;
  }

  async function reserve({ peerId, multiaddrs }: GatewayAddress): Promise<void> {
    trying.add(peerId);
    try {
      await host.dial(addressesOf(peerId, multiaddrs), AbortSignal.timeout(DIAL_MS));
      await host.circuits.reserve(peerId);
      failures.delete(peerId);
    } catch (error) {
      failures.set(peerId, { times: (failures.get(peerId)?.times ?? 0) + 1, at: performance.now() });
      if (!stopped) options.onFailure?.(peerId, asError(error));
    } finally {
      trying.delete(peerId);
      look();
    }
  }

  function report(gateways: readonly GatewayAddress[]): void {
    const held = gateways.filter(isHeld).map(({ peerId }) => peerId);
    const now = held.join();
    if (now === last) return;
    last = now;
    options.onChange?.(held);
  }

  function forgetOthers(gateways: readonly GatewayAddress[]): void {
    const listed = new Set(gateways.map(({ peerId }) => peerId));
    for (const peerId of failures.keys()) if (!listed.has(peerId)) failures.delete(peerId);
  }

  function look(): void {
    if (stopped) return;
    const gateways = gatewaysInOrder(host.peerId, options.gateways());
    forgetOthers(gateways);
    const lonely = !gateways.some(isHeld);
    let covered = 0;
    for (const gateway of gateways) {
      if (covered >= want) break;
      if (isHeld(gateway)) covered += 1;
      else if (trying.has(gateway.peerId)) covered += 1;
      else if (isDue(gateway, lonely)) {
        covered += 1;
        void reserve(gateway);
      }
    }
    report(gateways);
  }

  const timer = setInterval(look, everyMs);
  host.libp2p.addEventListener('peer:disconnect', look);
  look();
  return {
    held: () =>
      options
        .gateways()
        .filter(isHeld)
        .map(({ peerId }) => peerId),
    look,
    stop() {
      stopped = true;
      clearInterval(timer);
      host.libp2p.removeEventListener('peer:disconnect', look);
    },
  };
}
