import { account } from '../codec/readers.ts';
import type { Reading } from '../connection/reading.ts';
import { gatewayFields, gatewayUnbonding } from '../model/gateway.ts';
import type { Gateway, GatewayUnbonding } from '../model/gateway.ts';
import type { Patience } from '../signals.ts';
import { all, one } from './read-store.ts';
import type { MapOf } from './read-store.ts';

const GATEWAYS: MapOf<Omit<Gateway, 'owner'>> = { pallet: 'gateway', item: 'gateways', read: gatewayFields };
const UNBONDING: MapOf<GatewayUnbonding> = { pallet: 'gateway', item: 'unbonding', read: gatewayUnbonding };

/** Reads of gateways. */
export function gatewayReads(reading: Reading) {
  const reads = {
    gateway: async (owner: string, patience: Patience = {}): Promise<Gateway | undefined> => {
      const found = await one(reading, GATEWAYS, owner, patience);
      return found && { owner, ...found };
    },

    /** Every gateway, whatever its status. */
    async allGateways(patience: Patience = {}): Promise<Gateway[]> {
      return (await all(reading, GATEWAYS, account, patience)).map(([owner, fields]) => ({
        owner,
        ...fields,
      }));
    },

    /** The gateways that clients and providers may use: those online. */
    async gateways(patience: Patience = {}): Promise<Gateway[]> {
      return (await reads.allGateways(patience)).filter(({ status }) => status === 'Online');
    },

    /** The stake of a gateway that left, while it unbonds. */
    gatewayUnbonding: (owner: string, patience: Patience = {}): Promise<GatewayUnbonding | undefined> =>
      one(reading, UNBONDING, owner, patience),
  };
  return reads;
}

export type GatewayReads = ReturnType<typeof gatewayReads>;
