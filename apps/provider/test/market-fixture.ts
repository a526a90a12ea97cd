import type { Lease, Order, Resource } from '@hamster/chain-client';
import type { MarketView } from '../src/market/market-view.ts';

export const HAM = 10n ** 12n;
export const HOUR = 3_600_000;
export const NOW = 1_800_000_000_000;

export const resource = (changes: Partial<Resource> = {}): Resource => ({
  id: 9,
  owner: 'bob',
  peerId: '12D3KooWpeer',
  capacity: { cpuCores: 4, memoryMib: 8192, diskGib: 100, gpus: 0 },
  allocated: { cpuCores: 1, memoryMib: 1024, diskGib: 10, gpus: 0 },
  prices: { cpuCoreHour: HAM / 100n, memoryGibHour: HAM / 200n, diskGibHour: 0n },
  availableUntil: NOW + 30 * 24 * HOUR,
  images: ['debian-12'],
  virtualization: 'Kvm',
  cpuModel: 'some cpu',
  region: 'eu',
  status: 'Online',
  maintenance: undefined,
  liveLeases: 1,
  statistics: {
    leasesServed: 0,
    hoursServed: 0,
    faults: 0,
    lastFault: undefined,
    disputesLost: 0,
    missedOrders: 0,
  },
  ...changes,
});

/** Ten hours for 1 HAM an hour, three of them over and two of these paid. */
export const runningLease = (changes: Partial<Lease> = {}): Lease => ({
  id: 7,
  renter: 'alice',
  provider: 'bob',
  resource: 9,
  spec: { cpuCores: 1, memoryMib: 1024, diskGib: 10 },
  image: 'debian-12',
  sshPublicKey: 'ssh-ed25519 AAAAkey',
  sshHostKey: 'ssh-ed25519 AAAAhost',
  pricePerHour: HAM,
  escrow: 8n * HAM,
  paid: 2n * HAM,
  refunded: 0n,
  collateral: 5n * HAM,
  startedAt: NOW - 3 * HOUR,
  endsAt: NOW + 7 * HOUR,
  settledUntil: NOW - HOUR,
  lastHeartbeat: NOW - HOUR,
  status: 'Active',
  closed: undefined,
  ...changes,
});

export const waitingOrder = (changes: Partial<Order> = {}): Order => ({
  id: 8,
  renter: 'alice',
  provider: 'bob',
  resource: 9,
  spec: { cpuCores: 1, memoryMib: 512, diskGib: 2 },
  hours: 5,
  image: 'debian-12',
  sshPublicKey: 'ssh-ed25519 AAAAkey',
  pricePerHour: HAM,
  escrow: 5n * HAM,
  createdAt: NOW - 1000,
  expiresAt: NOW + 60_000,
  status: 'Pending',
  rejection: undefined,
  ...changes,
});

export const market = (changes: Partial<MarketView> = {}): MarketView => ({
  chainTime: NOW,
  resource: resource(),
  otherMachines: 0,
  stake: { active: 200n * HAM, locked: 5n * HAM, unbonding: [] },
  balance: { free: 30n * HAM, held: 200n * HAM, transferable: 29n * HAM, nonce: 3 },
  orders: [waitingOrder()],
  leases: [runningLease()],
  rules: {
    provider: {
      unbonding: 7 * 24 * HOUR,
      stakePerCore: 10n * HAM,
      stakePerMemoryGib: 2n * HAM,
      stakePerDiskGib: HAM / 10n,
      maxAvailable: 400 * 24 * HOUR,
      maintenanceNotice: 24 * HOUR,
      maintenanceMax: 2 * HOUR,
      maintenancePeriod: 7 * 24 * HOUR,
    },
    resourceOrder: {
      hour: HOUR,
      orderTimeout: HOUR,
      heartbeatInterval: HOUR / 12,
      suspendAfter: HOUR / 4,
      faultAfter: HOUR / 2,
      maxHours: 8760,
      minSpec: { cpuCores: 1, memoryMib: 256, diskGib: 1 },
      collateralHoursMax: 720,
      noticeHours: 1,
      providerTerminatePenalty: 250_000,
      feeGateways: 30_000,
      feeValidators: 10_000,
      feeTreasury: 10_000,
      retention: 24 * HOUR,
    },
  },
  ...changes,
});
