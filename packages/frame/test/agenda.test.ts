import { decodeWith, u32 } from '@hamster/scale';
import { beforeEach, describe, expect, it } from 'vitest';
import { agenda, badOrigin, inOneGo, TaskKey, WeightMeter, weightOf } from '../src/index.ts';
import { mockChain, type MockChain } from '../src/testing/index.ts';

const Agenda = agenda('Test', u32);
let chain: MockChain;

beforeEach(() => {
  chain = mockChain({ pallets: () => [{ name: 'Test', index: 1, storage: Agenda.storage }], now: 1_000n });
});

const ONE = weightOf(1);
const nameOf = (task: number): string => `number ${task}`;

/** Does what is due, and gives the tasks in their order. */
const dueNow = (most = 100, meter = new WeightMeter(weightOf(1_000))): number[] => {
  const done: number[] = [];
  inOneGo(Agenda.runDue(chain.ctx, meter, { weight: ONE, most, nameOf, run: (task) => done.push(task) }));
  return done;
};

describe('agenda', () => {
  it('gives by due moment, then by order of scheduling', () => {
    [256n, 3n, 65_536n, 3n].forEach((due, index) => Agenda.schedule(chain.ctx, due, index));
    expect(dueNow()).toEqual([1, 3, 0]);
    chain.advance(65_536);
    expect(dueNow()).toEqual([2]);
  });

  it('carries over what does not fit', () => {
    for (let task = 0; task < 5; task += 1) Agenda.schedule(chain.ctx, 1_000n, task);
    expect([dueNow(2), dueNow(2), dueNow(2), dueNow(2), dueNow(0)]).toEqual([[0, 1], [2, 3], [4], [], []]);
  });

  it('has keys that are read out of the middle of other bytes', () => {
    const key = { due: 3n, sequence: 65_536n };
    const bytes = Uint8Array.of(9, ...TaskKey.encode(key)).subarray(1);
    expect([TaskKey.decode(bytes), decodeWith(TaskKey, bytes, { shares: true })]).toEqual([key, key]);
  });

  it('forgets what is cancelled, once', () => {
    const key = Agenda.schedule(chain.ctx, 5n, 1);
    expect([Agenda.cancel(chain.ctx, key), Agenda.cancel(chain.ctx, key)]).toEqual([true, false]);
    expect(dueNow()).toEqual([]);
  });

  it('lesson 14: does as much as the meter allows, and charges before it does', () => {
    for (let task = 0; task < 5; task += 1) Agenda.schedule(chain.ctx, 1_000n, task);
    const meter = new WeightMeter(weightOf(3));
    expect([dueNow(100, meter), dueNow(100, meter)]).toEqual([[0, 1, 2], []]);
    expect(meter.consumed).toEqual(weightOf(3));
    expect(dueNow()).toEqual([3, 4]);
  });

  it('charges nothing where nothing is due', () => {
    Agenda.schedule(chain.ctx, 1_001n, 0);
    const meter = new WeightMeter(weightOf(3));
    expect(dueNow(100, meter)).toEqual([]);
    expect(meter.consumed).toEqual(weightOf(0));
  });

  it('stops behind each task', () => {
    for (let task = 0; task < 3; task += 1) Agenda.schedule(chain.ctx, 1_000n, task);
    const done: number[] = [];
    const work = { weight: ONE, most: 2, nameOf, run: (task: number) => void done.push(task) };
    const seen: number[] = [];
    for (const _ of Agenda.runDue(chain.ctx, new WeightMeter(weightOf(9)), work)) seen.push(done.length);
    expect(seen).toEqual([1, 2]);
  });

  it('undoes and reports a task that fails, and runs the others', () => {
    for (let task = 0; task < 4; task += 1) Agenda.schedule(chain.ctx, 1_000n, task);
    const ran: number[] = [];
    const run = (task: number): void => {
      chain.state.put(Uint8Array.of(task), Uint8Array.of(1));
      if (task === 1) throw new RangeError('a bug');
      if (task === 2) throw badOrigin();
      ran.push(task);
    };
    inOneGo(Agenda.runDue(chain.ctx, new WeightMeter(weightOf(9)), { weight: ONE, most: 9, nameOf, run }));
    expect(ran).toEqual([0, 3]);
    expect([1, 2].map((task) => chain.state.get(Uint8Array.of(task)))).toEqual([undefined, undefined]);
    expect(chain.faults.map(({ where }) => where)).toEqual(['Test.number 1', 'Test.number 2']);
    expect(dueNow()).toEqual([]);
  });

  it('takes no moment that no chain comes to', () => {
    expect(() => Agenda.schedule(chain.ctx, 2n ** 64n, 1)).toThrow('Overflow');
    expect(() => Agenda.schedule(chain.ctx, -1n, 1)).toThrow('Underflow');
    Agenda.schedule(chain.ctx, 2n ** 64n - 1n, 1);
    expect([...Agenda.entries(chain.ctx)].map(([{ due }]) => due)).toEqual([2n ** 64n - 1n]);
  });

  it('has a task that fails come back, if it is told when', () => {
    Agenda.schedule(chain.ctx, 1_000n, 7);
    const run = (): never => {
      throw badOrigin();
    };
    const retry = (task: number): void => void Agenda.schedule(chain.ctx, 1_500n, task);
    const work = { weight: ONE, most: 9, nameOf, run, retry };
    inOneGo(Agenda.runDue(chain.ctx, new WeightMeter(weightOf(9)), work));
    expect(dueNow()).toEqual([]);
    chain.advance(500);
    expect(dueNow()).toEqual([7]);
  });
});
