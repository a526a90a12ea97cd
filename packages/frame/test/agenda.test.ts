import { u32 } from '@hamster/scale';
import { beforeEach, describe, expect, it } from 'vitest';
import { agenda } from '../src/index.ts';
import { mockChain, type MockChain } from '../src/testing/index.ts';

const Agenda = agenda('Test', u32);
let chain: MockChain;

beforeEach(() => {
  chain = mockChain({ pallets: () => [{ name: 'Test', index: 1, storage: Agenda.storage }], now: 1_000n });
});

const dueNow = (max = 100): number[] => Agenda.takeDue(chain.ctx, max).map(({ task }) => task);

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

  it('forgets what is cancelled, once', () => {
    const key = Agenda.schedule(chain.ctx, 5n, 1);
    expect([Agenda.cancel(chain.ctx, key), Agenda.cancel(chain.ctx, key)]).toEqual([true, false]);
    expect(dueNow()).toEqual([]);
  });

  it('undoes and reports a task that fails, and runs the others', () => {
    for (let task = 0; task < 3; task += 1) Agenda.schedule(chain.ctx, 1_000n, task);
    const ran: number[] = [];
    const taken = Agenda.runDue(chain.ctx, 10, (task) => {
      chain.state.put(Uint8Array.of(task), Uint8Array.of(1));
      if (task === 1) throw new RangeError('a bug');
      ran.push(task);
    });
    expect([taken, ran]).toEqual([3, [0, 2]]);
    expect(chain.state.get(Uint8Array.of(1))).toBeUndefined();
    expect(chain.faults).toHaveLength(1);
  });
});
