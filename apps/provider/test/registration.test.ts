import type { Resource } from '@hamster/chain-client';
import { DaemonError } from '@hamster/daemon';
import { describe, expect, it } from 'vitest';
import { planRegistration, type Offering, type Standing } from '../src/registration/plan-registration.ts';
import { register, type Registrar } from '../src/registration/register.ts';
import { quietLog } from './fakes.ts';

const DAY = 24 * 60 * 60 * 1000;
const offering: Offering = {
  peerId: '12D3KooWpeer',
  capacity: { cpuCores: 4, memoryMib: 8192, diskGib: 100 },
  prices: { cpuCoreHour: 5n, memoryGibHour: 3n, diskGibHour: 1n },
  availableUntil: 30 * DAY,
  images: ['debian-12'],
  virtualization: 'Kvm',
  cpuModel: 'some cpu',
  region: 'eu',
};
const nothing = { cpuCores: 0, memoryMib: 0, diskGib: 0, gpus: 0 };
const resource = (changes: Partial<Resource> = {}): Resource => ({
  id: 9,
  owner: 'bob',
  ...offering,
  capacity: { ...offering.capacity, gpus: 0 },
  images: [...offering.images],
  allocated: nothing,
  status: 'Online',
  maintenance: undefined,
  liveLeases: 0,
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
const fit: Standing = { isFit: true };
const plan = (changes: Partial<Resource>, stake = 100n, standing = fit) =>
  planRegistration({ offering, stake: 100n, standing }, { stake, resource: resource(changes) });

describe('the registration of a machine', () => {
  it('stakes and registers when the chain knows nothing', () => {
    const nowhere = { stake: 0n, resource: undefined };
    expect(planRegistration({ offering, stake: 100n, standing: fit }, nowhere)).toEqual([
      { kind: 'stake', amount: 100n },
      { kind: 'register', offering },
    ]);
  });

  it('sends nothing when all stands already', () => {
    expect(plan({})).toEqual([]);
  });

  it('adds only the stake that is missing', () => {
    expect(plan({}, 40n)).toEqual([{ kind: 'stake', amount: 60n }]);
  });

  it('comes back online after a fault or a stop', () => {
    expect(plan({ status: 'Offline' })).toEqual([{ kind: 'status', resource: 9, status: 'Online' }]);
  });

  it('goes on draining over a restart, as its operator said', () => {
    expect(plan({ status: 'Draining' })).toEqual([]);
  });

  it.each<[string, Resource['status'], Standing, Resource['status'] | undefined]>([
    ['goes offline while its host is not fit', 'Online', { isFit: false }, 'Offline'],
    ['stays offline while its host is not fit', 'Offline', { isFit: false }, undefined],
    ['drains on while its host is not fit', 'Draining', { isFit: false }, undefined],
    ['drains when that was said and not sent', 'Online', { isFit: true, draining: true }, 'Draining'],
    ['is online when that was said and not sent', 'Draining', { isFit: true, draining: false }, 'Online'],
    ['does not come online on an unfit host', 'Draining', { isFit: false, draining: false }, 'Offline'],
  ])('%s', (_, status, standing, wanted) => {
    const steps = wanted === undefined ? [] : [{ kind: 'status', resource: 9, status: wanted }];
    expect(plan({ status }, 100n, standing)).toEqual(steps);
  });

  it('announces maintenance that was said and not sent, once', () => {
    const maintenance = { from: 5 * DAY, to: 6 * DAY };
    const standing = { isFit: true, maintenance };
    expect(plan({}, 100n, standing)).toEqual([{ kind: 'maintenance', resource: 9, ...maintenance }]);
    expect(plan({ maintenance }, 100n, standing)).toEqual([]);
  });

  it('is not kept from the market by maintenance that cannot be announced any more', async () => {
    const maintenance = { from: 5 * DAY, to: 6 * DAY };
    const carriedOut: string[] = [];
    const registrar: Registrar = {
      registered: () => Promise.resolve({ stake: 100n, resource: resource({ status: 'Offline' }) }),
      carryOut: ({ kind }) =>
        kind === 'maintenance'
          ? Promise.reject(new DaemonError('REFUSED', 'too late'))
          : Promise.resolve(void carriedOut.push(kind)),
    };
    const standing = { isFit: true, maintenance };
    const signal = AbortSignal.timeout(10_000);
    await register({ registrar, offering, stake: 100n, standing, log: quietLog() }, signal);
    expect(carriedOut).toEqual(['status']);
  });

  it('never offers less than what is leased', () => {
    const capacity = { cpuCores: 8, memoryMib: 8192, diskGib: 100, gpus: 0 };
    const steps = plan({ capacity, allocated: { ...nothing, cpuCores: 6 } });
    expect(steps).toEqual([
      { kind: 'capacity', resource: 9, capacity: { cpuCores: 6, memoryMib: 8192, diskGib: 100 } },
    ]);
  });

  it('moves the end of the offer only when it is worth a fee, and never back', () => {
    expect(plan({ availableUntil: 29.5 * DAY })).toEqual([]);
    expect(plan({ availableUntil: 40 * DAY })).toEqual([]);
    expect(plan({ availableUntil: 20 * DAY })).toEqual([{ kind: 'available', resource: 9, until: 30 * DAY }]);
  });

  it('follows changes of price, images and identity', () => {
    const steps = plan({ peerId: 'old', prices: { cpuCoreHour: 1n, memoryGibHour: 3n, diskGibHour: 1n } });
    expect(steps.map(({ kind }) => kind)).toEqual(['endpoint', 'prices']);
  });
});
