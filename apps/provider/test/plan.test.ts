import type { WantedPower } from '@hamster/machines';
import { describe, expect, it } from 'vitest';
import { planWork } from '../src/reconciler/plan.ts';
import { lease, order, SPEC } from './fakes.ts';

const FINAL = { number: 0, hash: '0x00' };

describe('the plan', () => {
  const machine = (leaseId: string, running = true, wanted: WantedPower = 'running') => ({
    leaseId,
    ...SPEC,
    image: 'tiny',
    running,
    wanted,
  });

  it('lesson 17: keeps machines of pending orders and live leases, and destroys every other one', () => {
    const work = {
      chainTime: 1,
      best: -1,
      final: FINAL,
      pending: [order(1n)],
      live: [lease(2n)],
      draining: false,
    };
    const plan = planWork(work, [machine('1'), machine('2'), machine('3')]);
    expect(plan).toEqual({ build: [order(1n)], refuse: [], start: [], destroy: ['3'], lost: [] });
  });

  it('leaves a machine alone that its renter stopped', () => {
    const stopped = machine('1', false, 'stopped');
    const plan = planWork(
      { chainTime: 1, best: -1, final: FINAL, pending: [], live: [lease(1n)], draining: false },
      [stopped],
    );
    expect(plan).toEqual({ build: [], refuse: [], start: [], destroy: [], lost: [] });
  });

  it('starts what stopped and tells what is gone', () => {
    const plan = planWork(
      { chainTime: 1, best: -1, final: FINAL, pending: [], live: [lease(1n), lease(2n)], draining: false },
      [machine('1', false)],
    );
    expect(plan).toEqual({ build: [], refuse: [], start: [lease(1n)], destroy: [], lost: [lease(2n)] });
  });
});

describe('what is no machine of a lease', () => {
  const work = { chainTime: 1, best: -1, final: FINAL, pending: [], live: [lease(1n)], draining: false };
  const scraps = (leaseId: string) => {
    const unfinished = true as const;
    return { leaseId, ...SPEC, image: '', running: false, wanted: 'stopped' as const, unfinished };
  };

  it('does not stand for one that is gone', () => {
    expect(planWork(work, [scraps('1')])).toMatchObject({ start: [], destroy: [], lost: [lease(1n)] });
  });

  it('is destroyed only where a lease could be called so', () => {
    expect(planWork(work, [scraps('2'), scraps('backup')]).destroy).toEqual(['2']);
  });
});
