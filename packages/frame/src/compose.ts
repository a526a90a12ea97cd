import { type AnyType, lazy, type Type } from '@hamster/scale';
import type { Context, ReportedFault } from './context.ts';
import { type Dispatcher, dispatcherOf, type DispatchResult } from './dispatcher.ts';
import { errorTable, type ErrorTable } from './dispatch-error.ts';
import { eventRecord, ExecutionPhase, type Phase } from './event-log.ts';
import type { PalletEvent } from './events.ts';
import { type HookRunner, hookRunner } from './hooks.ts';
import { migrationsOf, type PalletMigration } from './migration.ts';
import type { Origin } from './origin.ts';
import { type OuterTypes, outerTypes, type RuntimeCall, type RuntimeEvent } from './outer.ts';
import type { PalletDefinition } from './pallet.ts';
import type { StateAccess, StateReader } from './state.ts';
import type { DispatchEventInfo } from './types/dispatch.ts';

/** What a pallet may be given of the runtime that it becomes a part of. Usable once the runtime is composed. */
export interface Outer {
  readonly call: Type<RuntimeCall>;
  readonly event: Type<RuntimeEvent>;
  readonly holdReason: Type<string>;
  /** Makes a call inside of a call, in a layer of its own: see {@link Dispatcher.dispatchInSteps}. */
  dispatchInSteps(ctx: Context, origin: Origin, call: RuntimeCall): Generator<void, DispatchResult>;
  infoOf(call: RuntimeCall): DispatchEventInfo;
}

export interface CompositionOptions {
  /** Crate under which the outer enums appear, such as "hamster_runtime". */
  readonly name: string;
  readonly pallets: (outer: Outer) => readonly PalletDefinition[];
  /** Where the block's time and number are kept. */
  readonly now: (state: StateReader) => bigint;
  readonly blockNumber: (state: StateReader) => number;
  /** Told of bugs that were survived. */
  readonly report: (fault: ReportedFault) => void;
}

/** Pallets put together. */
export interface Composition extends Dispatcher {
  readonly name: string;
  readonly pallets: readonly PalletDefinition[];
  readonly outer: OuterTypes;
  readonly errors: ErrorTable;
  readonly hooks: HookRunner;
  /** In the order in which they run. */
  readonly migrations: readonly PalletMigration[];
  /** One per extrinsic or hook: time, number, and the phase of the block are read once. */
  context(state: StateAccess, deposit?: Context['deposit']): Context;
  /** Checks every pallet's invariants. @throws InvariantBroken */
  tryState(state: StateAccess): void;
}

const NO_TOPICS: readonly Uint8Array[] = [];

/** Notes events into the state, in the phase in which the block is when the first of them comes. */
const depositInto = (state: StateAccess, record: ReturnType<typeof eventRecord>) => {
  let phase: Phase | undefined;
  return (event: PalletEvent): void => {
    phase ??= ExecutionPhase.get({ state }) ?? { type: 'Initialization' };
    state.note(record, { phase, event, topics: NO_TOPICS });
  };
};

/** Ties the knot: pallets such as utility refer to the call type that contains their own calls. */
const outerOf = (composed: () => Composition): Outer => ({
  call: lazy(() => composed().outer.call),
  event: lazy(() => composed().outer.event),
  holdReason: lazy(() => composed().outer.holdReason),
  dispatchInSteps: (ctx, origin, call) => composed().dispatchInSteps(ctx, origin, call),
  infoOf: (call) => composed().infoOf(call),
});

export const compose = (options: CompositionOptions): Composition => {
  const { name, now, blockNumber, report } = options;
  const pallets = options.pallets(outerOf(() => composition));
  const outer = outerTypes(name, pallets);
  const errors = errorTable(pallets);
  const record = eventRecord(outer.event as AnyType);
  const context: Composition['context'] = (state, deposit = depositInto(state, record)) => ({
    state,
    now: now(state),
    blockNumber: blockNumber(state),
    deposit,
    report,
  });
  const composition: Composition = {
    name,
    pallets,
    outer,
    errors,
    hooks: hookRunner(pallets),
    migrations: migrationsOf(pallets),
    context,
    tryState: (state) => pallets.forEach((pallet) => pallet.tryState?.(context(state))),
    ...dispatcherOf(pallets, errors),
  };
  return composition;
};
