import { describe, expect, it } from 'vitest';
import {
  disputeOutlook,
  hiddenBecause,
  leaseView,
  mismatches,
  offerOrder,
  phaseOf,
  pricePerHour,
  quote,
} from '../src/index.ts';
import type { Lease, Offer, ProviderParameters } from '../src/index.ts';
import { ALICE } from './support/registry.ts';

const HAM = 10n ** 12n;
const HOUR = 3_600_000;

const parameters: ProviderParameters = {
  unbonding: 0,
  stakePerCore: 10n * HAM,
  stakePerMemoryGib: 2n * HAM,
  stakePerDiskGib: HAM / 10n,
  maxAvailable: 0,
  maintenanceNotice: 0,
  maintenanceMax: 0,
  maintenancePeriod: 0,
};

const offer: Offer = {
  id: 1,
  owner: ALICE,
  peerId: 'peer',
  capacity: { cpuCores: 4, memoryMib: 8192, diskGib: 100, gpus: 0 },
  allocated: { cpuCores: 1, memoryMib: 1024, diskGib: 10, gpus: 0 },
  free: { cpuCores: 3, memoryMib: 7168, diskGib: 90 },
  prices: { cpuCoreHour: 10n, memoryGibHour: 3n, diskGibHour: 1n },
  availableUntil: 10 * HOUR,
  images: ['debian-13'],
  virtualization: 'Kvm',
  cpuModel: 'cpu',
  region: 'eu-west',
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
};
const enough = { active: 66n * HAM, locked: 0n, unbonding: [] };

describe('the price of a slice', () => {
  it('rounds memory up to a planck, as the chain does', () => {
    expect(pricePerHour(offer.prices, { cpuCores: 2, memoryMib: 1025, diskGib: 5 })).toBe(20n + 4n + 5n);
    expect(pricePerHour(offer.prices, { cpuCores: 0, memoryMib: 1, diskGib: 0 })).toBe(1n);
  });

  it('is multiplied by the hours, and lasts as long as the chain’s hour', () => {
    expect(quote(offer.prices, { cpuCores: 1, memoryMib: 1024, diskGib: 1 }, 3, 600_000)).toEqual({
      perHour: 14n,
      hours: 3,
      total: 42n,
      durationMs: 1_800_000,
    });
  });
});

describe('the market shows', () => {
  it('only machines that take orders', () => {
    const hidden = (change: Partial<Offer>, stake = enough, now = 0) =>
      hiddenBecause({ ...offer, ...change }, stake, parameters, now);
    expect(hidden({})).toBeUndefined();
    expect(hidden({ status: 'Draining' })).toBe('is draining');
    expect(hidden({}, enough, 10 * HOUR)).toBe('is no longer available');
    expect(hidden({}, { ...enough, active: enough.active - 1n })).toBe(
      'has a provider with too little stake',
    );
    expect(hidden({ allocated: { ...offer.capacity, diskGib: 0 } })).toBe('is fully leased');
  });

  it('what fits the filter, and says why the rest does not', () => {
    expect(
      mismatches(offer, { cpuCores: 3, memoryMib: 7168, region: 'EU-West', image: 'debian-13' }, 0),
    ).toEqual([]);
    expect(
      mismatches(
        offer,
        {
          cpuCores: 4,
          image: 'arch',
          virtualization: 'Process',
          maxPricePerHour: 43n,
          durationMs: 11 * HOUR,
        },
        0,
      ),
    ).toEqual([
      'has 3 cores free',
      'is of kind Kvm',
      'offers debian-13 only',
      'is not available for so long',
      'costs more',
    ]);
  });
});

describe('the order of offers', () => {
  const spec = { cpuCores: 1, memoryMib: 1024, diskGib: 1 };
  const price = (cpuCoreHour: bigint) => ({ cpuCoreHour, memoryGibHour: 0n, diskGibHour: 0n });
  const record = (leasesServed: number, faults: number) => ({ ...offer.statistics, leasesServed, faults });
  const offers: Offer[] = [
    { ...offer, id: 1, prices: price(3n), statistics: record(0, 0) },
    { ...offer, id: 2, prices: price(2n), statistics: record(9, 1), availableUntil: 90 * HOUR },
    { ...offer, id: 3, prices: price(1n), statistics: record(1, 9), free: { ...spec, cpuCores: 64 } },
    { ...offer, id: 4, prices: price(3n), statistics: record(90, 0) },
  ];

  it.each([
    ['price', [3, 2, 1, 4]],
    ['record', [4, 2, 1, 3]],
    ['capacity', [3, 2, 1, 4]],
    ['availability', [2, 3, 1, 4]],
  ] as const)('by %s, and equals always the same way', (order, ids) => {
    for (const some of [offers, offers.toReversed()])
      expect(some.toSorted(offerOrder(order, spec)).map(({ id }) => id)).toEqual(ids);
  });
});

describe('a lease to its renter', () => {
  const lease: Lease = {
    id: 7,
    renter: ALICE,
    provider: ALICE,
    resource: 1,
    spec: { cpuCores: 1, memoryMib: 1024, diskGib: 1 },
    image: 'debian-13',
    sshPublicKey: '',
    sshHostKey: '',
    pricePerHour: 100n,
    escrow: 300n,
    paid: 100n,
    refunded: 0n,
    collateral: 400n,
    startedAt: 0,
    endsAt: 4 * HOUR,
    settledUntil: HOUR,
    lastHeartbeat: HOUR,
    status: 'Active',
    closed: undefined,
  };
  const rules = { hour: HOUR, noticeHours: 1 };

  it('shows what is spent and what would come back', () => {
    expect(leaseView(lease, 2 * HOUR, rules)).toMatchObject({
      live: true,
      timeLeftMs: 2 * HOUR,
      spent: 200n,
      noticeCost: 100n,
      refundIfEnded: 100n,
    });
    expect(leaseView(lease, 3.5 * HOUR, rules)).toMatchObject({ noticeCost: 50n, refundIfEnded: 0n });
  });

  it('costs nothing while it is suspended', () => {
    expect(leaseView({ ...lease, status: 'Suspended' }, 2 * HOUR, rules)).toMatchObject({
      spent: 100n,
      noticeCost: 0n,
      refundIfEnded: 300n,
    });
  });

  it('says why it ended', () => {
    const closed = { at: HOUR, reason: 'TerminatedByProvider' as const };
    const view = leaseView({ ...lease, status: 'Terminated', escrow: 0n, closed }, 2 * HOUR, rules);
    expect(view).toMatchObject({ live: false, timeLeftMs: 0, spent: 100n });
    expect(view.story).toContain('provider ended it early');
  });
});

describe('a dispute', () => {
  const money = { escrow: 60n * HAM, paid: 30n * HAM, refunded: 10n * HAM, collateral: 40n * HAM };
  const rules = { depositPart: 100_000, minDeposit: HAM };

  it('costs a deposit of all the rent that was ever put in, and brings rent and collateral', () => {
    expect(disputeOutlook(money, rules)).toEqual({
      deposit: 10n * HAM,
      rent: 60n * HAM,
      compensation: 40n * HAM,
    });
    const tiny = { escrow: 3n, paid: 0n, refunded: 0n, collateral: 9n };
    expect(disputeOutlook(tiny, rules)).toEqual({ deposit: HAM, rent: 3n, compensation: 3n });
  });

  it('goes from voting to showing to counting, until it is decided', () => {
    const open = { status: 'Open' as const, commitUntil: 100, revealUntil: 200 };
    expect([99, 100, 199, 200].map((now) => phaseOf(open, now))).toEqual([
      'voting',
      'showing',
      'showing',
      'counting',
    ]);
    expect(phaseOf({ ...open, status: 'Decided' }, 120)).toBe('decided');
  });
});
