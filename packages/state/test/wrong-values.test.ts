import {
  compose,
  defineCall,
  definePallet,
  NONE,
  palletStorage,
  type ReportedFault,
  type RuntimeCall,
  WeightMeter,
  weightOf,
} from '@hamster/frame';
import { u8 } from '@hamster/scale';
import { beforeEach, describe, expect, it } from 'vitest';
import { Overlay } from '../src/index.ts';
import { stateOf } from './arbitraries.ts';

const { value } = palletStorage('Numbers');
const Small = value('Small', { type: u8 });
const Other = value('Other', { type: u8 });

/** A call and a hook that write what has no encoding: bugs, as a pallet may have them. */
const numbers = (hook: { wrong: boolean }) =>
  definePallet({
    name: 'Numbers',
    index: 1,
    docs: ['Numbers of one byte.'],
    storage: [Small, Other],
    calls: {
      right: defineCall({ index: 0, docs: [], args: {}, dispatch: (ctx) => Small.put(ctx, 7) }),
      wrong: defineCall({
        index: 1,
        docs: [],
        args: {},
        dispatch(ctx) {
          Small.put(ctx, 256);
          Other.put(ctx, 1);
        },
      }),
      corrected: defineCall({
        index: 2,
        docs: [],
        args: {},
        dispatch(ctx) {
          Small.put(ctx, 256);
          Small.put(ctx, 8);
        },
      }),
    },
    hooks: {
      onInitialize(ctx) {
        if (hook.wrong) Small.put(ctx, -1);
      },
    },
  });

describe('a value that has no encoding', () => {
  const hook = { wrong: false };
  let faults: ReportedFault[];
  let state: Overlay;
  beforeEach(() => {
    faults = [];
    hook.wrong = false;
    state = new Overlay(stateOf([]));
  });
  const composition = compose({
    name: 'mock_runtime',
    pallets: () => [numbers(hook)],
    now: () => 0n,
    blockNumber: () => 1,
    report: (fault) => faults.push(fault),
  });
  /** As a transaction: in a layer of its own, with something that was written before the call. */
  const run = (name: string) => {
    const call: RuntimeCall = { type: 'Numbers', value: { type: name, value: {} } };
    state.begin();
    Other.put({ state }, 9);
    const result = composition.dispatch(composition.context(state), NONE, call);
    state.commit();
    return result;
  };

  it('fails the call that wrote it, leaves nothing of that, and the block goes on', () => {
    expect(run('wrong')).toEqual({ ok: false, error: { type: 'Other' } });
    expect(faults).toMatchObject([{ where: 'Numbers.wrong', error: { code: 'SCALE_OUT_OF_RANGE' } }]);
    expect([Small.get({ state }), Other.get({ state })]).toEqual([undefined, 9]);
    expect(run('right').ok).toBe(true);
    expect(state.changes().map(([, bytes]) => bytes)).toEqual(
      expect.arrayContaining([u8.encode(7), u8.encode(9)]),
    );
  });

  it('is no fault when the call that wrote it thought better of it', () => {
    expect(run('corrected').ok).toBe(true);
    expect([Small.get({ state }), faults]).toEqual([8, []]);
  });

  it('undoes the hook that wrote it, and nothing else', () => {
    hook.wrong = true;
    composition.hooks.onInitialize(composition.context(state), new WeightMeter(weightOf(1, 1)));
    expect(faults).toMatchObject([{ where: 'Numbers.onInitialize', error: { code: 'SCALE_OUT_OF_RANGE' } }]);
    expect(run('right').ok).toBe(true);
    expect(Small.get({ state })).toBe(7);
  });
});
