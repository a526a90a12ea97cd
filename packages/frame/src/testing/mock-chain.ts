import { type Fields, type FieldValues, Reader } from '@hamster/scale';
import { type CallDefinition, whole } from '../call.ts';
import { type Composition, compose, type Outer } from '../compose.ts';
import type { Context, ReportedFault } from '../context.ts';
import type { DispatchResult } from '../dispatcher.ts';
import { drainEvents, EventCount, eventRecord, pendingEvents } from '../event-log.ts';
import { GenesisReader } from '../genesis.ts';
import { isolated } from '../isolated.ts';
import { MemoryState } from '../memory-state.ts';
import { camelCase } from '../names.ts';
import type { Origin } from '../origin.ts';
import type { RuntimeEvent } from '../outer.ts';
import type { PalletDefinition } from '../pallet.ts';
import type { GenesisConfig } from '../runtime.ts';
import { inOneGo } from '../steps.ts';
import { weightOf } from '../types/weight.ts';
import { WeightMeter } from '../weight-meter.ts';

export interface MockOptions {
  readonly pallets: (outer: Outer) => readonly PalletDefinition[];
  readonly genesis?: GenesisConfig;
  /** The first block's time in ms. */
  readonly now?: bigint;
}

/** A runtime of just the pallets under test, on a state in memory. */
export interface MockChain {
  readonly composition: Composition;
  readonly state: MemoryState;
  /** A context of the present block: for reading storage, and for calling a pallet's functions. */
  readonly ctx: Context;
  /** Bugs that were survived, and tasks of an agenda that failed. */
  readonly faults: ReportedFault[];
  /** Makes a call, as a transaction would. */
  run<F extends Fields>(origin: Origin, call: CallDefinition<F>, args: FieldValues<F>): DispatchResult;
  /** Closes the block, opens the next one `milliseconds` later, and runs the hooks of both. Events start afresh. */
  advance(milliseconds: bigint | number): void;
  /** The block's events so far, as [pallet, event, fields]. */
  events(): readonly (readonly [pallet: string, name: string, value: unknown])[];
}

const METER_LIMIT = weightOf(1_000_000, 1_000_000);

const buildGenesis = (composition: Composition, ctx: Context, genesis: GenesisConfig): void => {
  for (const pallet of composition.pallets) {
    const key = camelCase(pallet.name);
    pallet.genesis?.(ctx, new GenesisReader(genesis[key], key));
  }
};

const forgetEvents = (state: MemoryState): void => {
  drainEvents({ state });
  EventCount.remove({ state });
};

const decodeEvents = (composition: Composition, state: MemoryState): RuntimeEvent[] => {
  const record = eventRecord(composition.outer.event);
  const { count, bytes } = pendingEvents({ state });
  const reader = new Reader(bytes);
  return Array.from({ length: count }, () => record.decodeFrom(reader).event as RuntimeEvent);
};

export const mockChain = ({ pallets, genesis = {}, now = 1_700_000_000_000n }: MockOptions): MockChain => {
  const state = new MemoryState();
  const faults: ReportedFault[] = [];
  const block = { now, number: 1 };
  const composition = compose({
    name: 'mock_runtime',
    pallets,
    now: () => block.now,
    blockNumber: () => block.number,
    report: (fault) => faults.push(fault),
  });
  const context = (): Context => composition.context(state);
  buildGenesis(composition, context(), genesis);
  forgetEvents(state);

  return {
    composition,
    state,
    faults,
    get ctx() {
      return context();
    },
    run(origin, call, args) {
      const outcome = isolated(context(), 'call', () => whole(call.dispatch(context(), origin, args)));
      if (outcome.ok) return { ok: true, post: outcome.value ?? {} };
      return { ok: false, error: composition.errors.encode(outcome.failure) };
    },
    advance(milliseconds) {
      composition.hooks.onFinalize(context());
      forgetEvents(state);
      block.number += 1;
      composition.hooks.onInitialize(context(), new WeightMeter(METER_LIMIT));
      block.now += BigInt(milliseconds);
      inOneGo(composition.hooks.onPoll(context(), new WeightMeter(METER_LIMIT)));
    },
    events: () =>
      decodeEvents(composition, state).map(({ type, value }) => [type, value.type, value.value] as const),
  };
};
