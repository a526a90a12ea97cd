import type { MachineSpec, Prices, Resource, ResourceStatus, Virtualization } from '@hamster/chain-client';

/** What the operator and the host say that should stand in the market. Prices are planck, times ms since 1970. */
export interface Offering {
  readonly peerId: string;
  readonly capacity: MachineSpec;
  readonly prices: Prices;
  readonly availableUntil: number;
  readonly images: readonly string[];
  readonly virtualization: Virtualization;
  readonly cpuModel: string;
  readonly region: string;
}

/** How the entry should stand in the market, beside what it offers. */
export interface Standing {
  /** Whether this host can make the machines that would be ordered. */
  readonly isFit: boolean;
  /** What the operator said before the last start and the chain may not have. */
  readonly draining?: boolean | undefined;
  readonly maintenance?: { readonly from: number; readonly to: number } | undefined;
}

export interface Wanted {
  readonly offering: Offering;
  /** To hold in all, planck. */
  readonly stake: bigint;
  readonly standing: Standing;
}

/** One transaction that brings the chain nearer to the offering. */
export type RegistrationStep =
  | { readonly kind: 'stake'; readonly amount: bigint }
  | { readonly kind: 'register'; readonly offering: Offering }
  | {
      readonly kind: 'endpoint';
      readonly resource: number;
      readonly peerId: string;
      readonly images: readonly string[];
    }
  | { readonly kind: 'prices'; readonly resource: number; readonly prices: Prices }
  | { readonly kind: 'capacity'; readonly resource: number; readonly capacity: MachineSpec }
  | { readonly kind: 'available'; readonly resource: number; readonly until: number }
  | { readonly kind: 'status'; readonly resource: number; readonly status: ResourceStatus }
  | { readonly kind: 'maintenance'; readonly resource: number; readonly from: number; readonly to: number };

/** What the chain has of this provider now. */
export interface Registered {
  /** Active stake, planck. */
  readonly stake: bigint;
  /** This machine's entry, if it has one. */
  readonly resource: Resource | undefined;
}

/** An end of the offer this much nearer than wanted is left alone: each start would move it otherwise. */
const AVAILABILITY_SLACK_MS = 24 * 60 * 60 * 1000;

/** The transactions, in order, that make the chain say what is wanted. None when it does. */
export function planRegistration(wanted: Wanted, now: Registered): RegistrationStep[] {
  const { offering } = wanted;
  const missing = wanted.stake - now.stake;
  const stake: RegistrationStep[] = missing > 0n ? [{ kind: 'stake', amount: missing }] : [];
  if (now.resource === undefined) return [...stake, { kind: 'register', offering }];
  return [...stake, ...planUpdate(wanted, now.resource)];
}

function planUpdate({ offering, standing }: Wanted, current: Resource): RegistrationStep[] {
  const { id: resource } = current;
  const { peerId, images, prices } = offering;
  const available = availabilityStep(offering, current);
  const capacity = atLeast(offering.capacity, current.allocated);
  const status = wantedStatus(standing, current);
  const steps: [boolean, RegistrationStep | undefined][] = [
    [
      peerId !== current.peerId || !sameList(images, current.images),
      { kind: 'endpoint', resource, peerId, images },
    ],
    [!samePrices(prices, current.prices), { kind: 'prices', resource, prices }],
    [!sameSpec(capacity, current.capacity), { kind: 'capacity', resource, capacity }],
    [true, available],
    [status !== current.status, { kind: 'status', resource, status }],
    [true, maintenanceStep(standing, current)],
  ];
  return steps.flatMap(([needed, step]) => (needed && step ? [step] : []));
}

/** Moves the end of the offer, never back, and only when it is worth a fee. */
export function availabilityStep(
  { availableUntil }: Offering,
  current: Resource,
): RegistrationStep | undefined {
  if (availableUntil <= current.availableUntil + AVAILABILITY_SLACK_MS) return undefined;
  return { kind: 'available', resource: current.id, until: availableUntil };
}

/**
 * A machine that drains does so because its operator said so, and goes on over restarts. One that is offline is so after a fault, or
 * because its host was not fit.
 */
function wantedStatus({ isFit, draining }: Standing, current: Resource): ResourceStatus {
  if (draining ?? current.status === 'Draining') return 'Draining';
  return isFit ? 'Online' : 'Offline';
}

function maintenanceStep({ maintenance }: Standing, current: Resource): RegistrationStep | undefined {
  if (maintenance === undefined) return undefined;
  const { from, to } = maintenance;
  if (current.maintenance?.from === from && current.maintenance.to === to) return undefined;
  return { kind: 'maintenance', resource: current.id, from, to };
}

/** What is leased cannot be taken back, also when the host has become smaller. */
function atLeast(wanted: MachineSpec, allocated: MachineSpec): MachineSpec {
  return {
    cpuCores: Math.max(wanted.cpuCores, allocated.cpuCores),
    memoryMib: Math.max(wanted.memoryMib, allocated.memoryMib),
    diskGib: Math.max(wanted.diskGib, allocated.diskGib),
  };
}

function sameSpec(a: MachineSpec, b: MachineSpec): boolean {
  return a.cpuCores === b.cpuCores && a.memoryMib === b.memoryMib && a.diskGib === b.diskGib;
}

function samePrices(a: Prices, b: Prices): boolean {
  return (
    a.cpuCoreHour === b.cpuCoreHour && a.memoryGibHour === b.memoryGibHour && a.diskGibHour === b.diskGibHour
  );
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
