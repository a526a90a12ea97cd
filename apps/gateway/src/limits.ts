import type { RelayLimits } from '@hamster/p2p';
import type { Config } from './config.ts';

const MEBIBYTE = 2 ** 20;
const GIBIBYTE = 2 ** 30;

/** The operator's bounds as the relay takes them. */
export function limitsOf({ max }: Config): Partial<RelayLimits> {
  return {
    connections: max.peers,
    connectionsPerPeer: max.peerConnections,
    connectionsPerAddress: max.addressConnections,
    reservations: max.providers,
    reservationsPerAddress: max.providersPerAddress,
    circuits: max.connections,
    circuitsPerSource: max.connectionsPerClient,
    circuitsPerDestination: max.connectionsPerProvider,
    circuitBytes: times(max.gibPerConnection, GIBIBYTE),
    bytesPerDay: times(max.gibPerDay, GIBIBYTE),
    sourceBytesPerDay: times(max.gibPerDayPerClient, GIBIBYTE),
    bytesPerSecond: times(max.mibPerSecond, MEBIBYTE),
    sourceBytesPerSecond: times(max.mibPerSecondPerClient, MEBIBYTE),
    bufferedBytes: max.waitingMib * MEBIBYTE,
  };
}

/** No bound unless the operator gave one. */
function times(count: number | undefined, unit: number): number {
  return count === undefined ? Infinity : count * unit;
}
