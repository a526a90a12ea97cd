import type { ApiPromise } from '@polkadot/api';
import { checkedAddress } from '../codec/address.ts';
import { call } from '../connection/decorated.ts';
import type { Call } from '../connection/decorated.ts';
import type { MachineSpec, Prices } from '../model/primitives.ts';
import type { ResourceStatus } from '../model/provider.ts';
import { bytes, withoutGpus } from './inputs.ts';
import type { DisputeClaim } from '../model/arbitration.ts';
import type { Vote } from './commitment.ts';
import type { NewGateway, NewOrder, NewResource, Report } from './inputs.ts';

/** Every call of the market, typed. Amounts are planck, times ms since 1970. Building one sends nothing. */
export function callsOf(api: ApiPromise) {
  return {
    ...moneyCalls(api),
    provider: providerCalls(api),
    resourceOrder: orderCalls(api),
    gateway: gatewayCalls(api),
    arbitration: arbitrationCalls(api),
    validators: { claimRewards: () => call(api, 'validators', 'claimRewards') },
  };
}

export type Calls = ReturnType<typeof callsOf>;

function moneyCalls(api: ApiPromise) {
  return {
    /** Fails rather than letting the sender's account die. Throws `ADDRESS_INVALID`. */
    transfer: (to: string, value: bigint) =>
      call(api, 'balances', 'transferKeepAlive', checkedAddress(to), value),
    /** All of them or none. */
    batchAll: (calls: readonly Call[]) => call(api, 'utility', 'batchAll', calls),
    /** With root's power, for the account that has it. */
    sudo: (inner: Call) => call(api, 'sudo', 'sudo', inner),
  };
}

function providerCalls(api: ApiPromise) {
  const provider = (name: string, ...args: unknown[]): Call => call(api, 'provider', name, ...args);
  return {
    stake: (value: bigint) => provider('stake', value),
    unstake: (value: bigint) => provider('unstake', value),
    withdrawUnbonded: () => provider('withdrawUnbonded'),
    registerResource: (resource: NewResource) =>
      provider(
        'registerResource',
        bytes(resource.peerId),
        withoutGpus(resource.capacity),
        resource.prices,
        resource.availableUntil,
        resource.images.map(bytes),
        resource.virtualization,
        bytes(resource.cpuModel),
        bytes(resource.region),
      ),
    updatePrices: (resource: number, prices: Prices) => provider('updatePrices', resource, prices),
    updateCapacity: (resource: number, capacity: MachineSpec) =>
      provider('updateCapacity', resource, withoutGpus(capacity)),
    setAvailableUntil: (resource: number, until: number) => provider('setAvailableUntil', resource, until),
    updateEndpoint: (resource: number, peerId: string, images: readonly string[]) =>
      provider('updateEndpoint', resource, bytes(peerId), images.map(bytes)),
    setStatus: (resource: number, status: ResourceStatus) => provider('setStatus', resource, status),
    announceMaintenance: (resource: number, from: number, to: number) =>
      provider('announceMaintenance', resource, from, to),
    removeResource: (resource: number) => provider('removeResource', resource),
  };
}

function orderCalls(api: ApiPromise) {
  const order = (name: string, ...args: unknown[]): Call => call(api, 'resourceOrder', name, ...args);
  return {
    createOrder: ({ resource, spec, hours, image, sshPublicKey, maxPricePerHour }: NewOrder) =>
      order('createOrder', resource, spec, hours, bytes(image), bytes(sshPublicKey), maxPricePerHour),
    acceptOrder: (id: number, sshHostKey: string) => order('acceptOrder', id, bytes(sshHostKey)),
    rejectOrder: (id: number, reason: string) => order('rejectOrder', id, bytes(reason)),
    cancelOrder: (id: number) => order('cancelOrder', id),
    heartbeat: (reports: readonly Report[]) => order('heartbeat', reports),
    settle: (lease: number) => order('settle', lease),
    terminateLease: (lease: number) => order('terminateLease', lease),
    extendLease: (lease: number, hours: number, maxPricePerHour: bigint) =>
      order('extendLease', lease, hours, maxPricePerHour),
  };
}

function gatewayCalls(api: ApiPromise) {
  const gateway = (name: string, ...args: unknown[]): Call => call(api, 'gateway', name, ...args);
  return {
    register: ({ peerId, multiaddrs, region, stake }: NewGateway) =>
      gateway('register', bytes(peerId), multiaddrs.map(bytes), bytes(region), stake),
    updateEndpoint: (peerId: string, multiaddrs: readonly string[]) =>
      gateway('updateEndpoint', bytes(peerId), multiaddrs.map(bytes)),
    heartbeat: () => gateway('heartbeat'),
    goOffline: () => gateway('goOffline'),
    goOnline: () => gateway('goOnline'),
    reset: () => gateway('reset'),
    withdrawUnbonded: () => gateway('withdrawUnbonded'),
    claimRewards: () => gateway('claimRewards'),
  };
}

function arbitrationCalls(api: ApiPromise) {
  const arbitration = (name: string, ...args: unknown[]): Call => call(api, 'arbitration', name, ...args);
  return {
    /** `evidenceHash` is 32 bytes: the hash of what is shown to the panel elsewhere, or zeros. */
    openDispute: (lease: number, claim: DisputeClaim, evidenceHash: Uint8Array) =>
      arbitration('openDispute', lease, claim, evidenceHash),
    /** `hash` as `commitmentOf` makes it. */
    commitVote: (dispute: number, hash: Uint8Array) => arbitration('commitVote', dispute, hash),
    revealVote: ({ dispute, verdict, observed, salt }: Vote) =>
      arbitration('revealVote', dispute, verdict, observed, salt),
  };
}
