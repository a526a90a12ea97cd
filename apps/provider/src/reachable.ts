import type { ChainClient } from '@hamster/chain-client';
import type { Logger } from '@hamster/daemon';
import { keepReservations, PeerError, type Host, type ReservationKeeper } from '@hamster/p2p';
import { followGateways } from './gateways.ts';

export interface ReachableModules {
  readonly client: ChainClient;
  readonly host: Host;
  readonly log: Logger;
  /** Told of each change with the gateways through which renters come. */
  readonly onChange: (held: readonly string[]) => void;
}

/** Keeps this host reachable through the gateways of the chain's list, whatever becomes of each. */
export async function reachable({
  client,
  host,
  log,
  onChange,
}: ReachableModules): Promise<Pick<ReservationKeeper, 'stop'>> {
  let look = (): void => undefined;
  const gateways = await followGateways(client, { log, onChange: () => look() });
  const keeper = keepReservations({
    host,
    gateways: gateways.current,
    onChange(held) {
      log.info({ gateways: held }, held.length > 0 ? 'reachable' : 'reachable by no gateway');
      onChange(held);
    },
    onFailure: failureTeller(log),
  });
  look = keeper.look;
  return {
    stop() {
      gateways.stop();
      keeper.stop();
    },
  };
}

/** Gateways of which it is remembered that they were complained about; then all are forgotten. */
const MAX_TOLD = 64;

/** What time mends is for debugging; a key that fits nobody else's is for the operator, once for each gateway. */
function failureTeller(log: Logger): (gateway: string, error: Error) => void {
  const told = new Set<string>();
  return (gateway, error) => {
    const forOperator = error instanceof PeerError && error.code === 'NETWORK_KEY' && !told.has(gateway);
    if (forOperator) {
      if (told.size >= MAX_TOLD) told.clear();
      told.add(gateway);
    }
    log[forOperator ? 'warn' : 'debug']({ gateway, reason: error.message }, 'no reservation yet');
  };
}
