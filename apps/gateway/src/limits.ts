import type { RelayLimits } from '@hamster/p2p';
import type { Config } from './config.ts';

const GIBIBYTE = 2 ** 30;

/** The operator's bounds as the relay takes them. */
export function limitsOf({ max }: Config): Partial<RelayLimits> {
  return {
    reservations: max.providers,
    reservationsPerAddress: max.providersPerAddress,
    circuits: max.connections,
    circuitsPerSource: max.connectionsPerClient,
    circuitsPerDestination: max.connectionsPerProvider,
    circuitBytes: max.gibPerConnection === undefined ? Infinity : max.gibPerConnection * GIBIBYTE,
  };
}
