import { TypeRegistry } from '#polkadot/types';
import type { Codec } from '@polkadot/types/types';

/** The market's types as metadata describes them, without a chain: what the readers are given to read. */
const TYPES = {
  Capacity: { cpuCores: 'u32', memoryMib: 'u32', diskGib: 'u32', gpus: 'u32' },
  MachineSpec: { cpuCores: 'u32', memoryMib: 'u32', diskGib: 'u32' },
  Prices: { cpuCoreHour: 'u128', memoryGibHour: 'u128', diskGibHour: 'u128' },
  Virtualization: { _enum: ['Kvm', 'Emulated', 'Container', 'Process'] },
  ResourceStatus: { _enum: ['Online', 'Draining', 'Offline'] },
  Maintenance: { from: 'u64', to: 'u64' },
  Statistics: {
    leasesServed: 'u32',
    hoursServed: 'u64',
    faults: 'u32',
    lastFault: 'Option<u64>',
    disputesLost: 'u32',
    missedOrders: 'u32',
  },
  Resource: {
    owner: 'AccountId32',
    peerId: 'Bytes',
    capacity: 'Capacity',
    allocated: 'Capacity',
    prices: 'Prices',
    availableUntil: 'u64',
    images: 'Vec<Bytes>',
    virtualization: 'Virtualization',
    cpuModel: 'Bytes',
    region: 'Bytes',
    status: 'ResourceStatus',
    maintenance: 'Option<Maintenance>',
    liveLeases: 'u32',
    statistics: 'Statistics',
  },
  Offer: { resource: 'u64', machine: 'Resource' },
  OfferPage: { offers: 'Vec<Offer>', next: 'Option<u64>' },
  Rejected: { reason: 'Bytes' },
  OrderStatus: {
    _enum: { Pending: null, Accepted: null, Rejected: 'Rejected', Expired: null, Cancelled: null },
  },
  Order: {
    renter: 'AccountId32',
    provider: 'AccountId32',
    resource: 'u64',
    spec: 'MachineSpec',
    hours: 'u32',
    image: 'Bytes',
    sshPublicKey: 'Bytes',
    pricePerHour: 'u128',
    escrow: 'u128',
    createdAt: 'u64',
    expiresAt: 'u64',
    status: 'OrderStatus',
  },
};

export const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';

/** Encodes a value as the chain would and decodes it as @polkadot/api would. */
export function onChain(type: string, value: unknown): Codec {
  const registry = new TypeRegistry();
  registry.register(TYPES);
  return registry.createType(type, registry.createType(type, value).toU8a());
}
