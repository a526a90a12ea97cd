import type { Call, Calls, MachineSpec, Prices, Resource } from '@hamster/chain-client';
import { minListingStake } from '@hamster/chain-client/market';
import { DaemonError } from '@hamster/daemon';
import type { MarketView } from '../market/market-view.ts';
import { effectsOf } from './effects.ts';
import { durationText } from '../wording.ts';
import type { OfferTurns } from '../registration/offer-turns.ts';
import type { LastWords } from './last-words.ts';
import type { SettingsChange } from './settings-change.ts';

export interface OperatorModules {
  readonly calls: Calls;
  /** Reads the market anew. */
  readonly market: (signal: AbortSignal) => Promise<MarketView>;
  /** Sends a call and waits until it is done. */
  readonly submit: (call: Call, signal: AbortSignal) => Promise<void>;
  /** All that the host could give. */
  readonly hostCapacity: (signal: AbortSignal) => Promise<MachineSpec>;
  /** Planck that an offer of this capacity should have at stake. */
  readonly wantedStake: (capacity: MachineSpec, market: MarketView) => bigint;
  readonly words: LastWords;
  readonly turns: OfferTurns;
  /** Why no machine can be made here; orders are not asked for then. */
  readonly obstacle: () => DaemonError | undefined;
}

/** What a change leads to, once it is complete: parts that were left out are as they stand. */
export interface CompleteChange extends SettingsChange {
  readonly prices?: Prices | undefined;
  readonly capacity?: MachineSpec | undefined;
  /** Planck that a larger offer needs on top of what is at stake. */
  readonly addedStake: bigint;
}

/** Carries out what the operator wants changed: on chain, where renters see it, all of it or nothing. */
export class Operator {
  readonly #modules: OperatorModules;

  constructor(modules: OperatorModules) {
    this.#modules = modules;
  }

  /** Hands back a sentence for each effect. Throws DaemonError, or what the chain says. */
  change(change: SettingsChange, signal: AbortSignal): Promise<string[]> {
    return this.#modules.turns.take(() => this.#change(change, signal), signal);
  }

  async #change(change: SettingsChange, signal: AbortSignal): Promise<string[]> {
    const market = await this.#modules.market(signal);
    const { resource } = market;
    if (resource === undefined) throw notRegistered();
    const obstacle = this.#modules.obstacle();
    if (change.draining === false && obstacle) throw obstacle;
    if (change.maintenance) refuseImpossible(change.maintenance, market);
    const complete = await this.#complete(change, resource, market, signal);
    const calls = callsOf(this.#modules.calls, resource.id, complete);
    const [first] = calls;
    if (first === undefined) throw nothingToChange();
    await this.#modules.words.say(complete, () =>
      this.#modules.submit(calls.length === 1 ? first : this.#modules.calls.batchAll(calls), signal),
    );
    return effectsOf(complete, market);
  }

  async #complete(
    change: SettingsChange,
    resource: Resource,
    market: MarketView,
    signal: AbortSignal,
  ): Promise<CompleteChange> {
    const prices = change.prices && { ...resource.prices, ...defined(change.prices) };
    const capacity = change.capacity && sizeOf({ ...resource.capacity, ...defined(change.capacity) });
    if (capacity === undefined) return { ...change, prices, capacity, addedStake: 0n };
    refuseMoreThanThere(capacity, await this.#modules.hostCapacity(signal));
    const missing = this.#modules.wantedStake(capacity, market) - market.stake.active;
    const needed = minListingStake(capacity, market.rules.provider) > market.stake.active;
    return { ...change, prices, capacity, addedStake: needed && missing > 0n ? missing : 0n };
  }
}

function callsOf({ provider }: Calls, resource: number, change: CompleteChange): Call[] {
  const { prices, capacity, availableUntil, draining, maintenance, addedStake } = change;
  return [
    addedStake > 0n && provider.stake(addedStake),
    prices && provider.updatePrices(resource, prices),
    capacity && provider.updateCapacity(resource, capacity),
    availableUntil !== undefined && provider.setAvailableUntil(resource, availableUntil),
    draining !== undefined && provider.setStatus(resource, draining ? 'Draining' : 'Online'),
    maintenance && provider.announceMaintenance(resource, maintenance.from, maintenance.to),
  ].filter((call) => call !== undefined && call !== false);
}

function defined<T extends object>(part: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

function sizeOf({ cpuCores, memoryMib, diskGib }: MachineSpec): MachineSpec {
  return { cpuCores, memoryMib, diskGib };
}

function refuseMoreThanThere(wanted: MachineSpec, host: MachineSpec): void {
  const parts = [
    ['cores', wanted.cpuCores, host.cpuCores],
    ['MiB of memory', wanted.memoryMib, host.memoryMib],
    ['GiB of disk', wanted.diskGib, host.diskGib],
  ] as const;
  const wrong = parts.find(([, offered, there]) => offered > there);
  if (wrong === undefined) return;
  const [what, offered, there] = wrong;
  throw new DaemonError(
    'OFFER_TOO_LARGE',
    `${offered} ${what} are more than the host has (${there}). Offer at most that.`,
  );
}

/** How often it may be announced is for the chain to say. */
function refuseImpossible(
  { from, to }: NonNullable<SettingsChange['maintenance']>,
  { chainTime, rules }: MarketView,
): void {
  const { maintenanceNotice: notice, maintenanceMax: most, maintenancePeriod: period } = rules.provider;
  if (from >= chainTime + notice && to > from && to - from <= most) return;
  throw new DaemonError(
    'MAINTENANCE_REFUSED',
    `This chain asks for a notice of ${durationText(notice)} before maintenance, which lasts ${durationText(most)} at most and comes once in ${durationText(period)}.`,
  );
}

function notRegistered(): DaemonError {
  return new DaemonError(
    'NOT_REGISTERED',
    'This machine is not in the market yet. Start the daemon once: hamster-provider --account <name>',
  );
}

function nothingToChange(): DaemonError {
  return new DaemonError('NOTHING_TO_CHANGE', 'The request names nothing to change.');
}
