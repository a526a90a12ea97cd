import type { MachineDriver } from '@hamster/machines';
import { expect, it } from 'vitest';
import { guardMachines } from '../src/guard-machines.ts';
import { FakeDriver, quietLog } from './fakes.ts';

it('machines are guarded again and again, and a problem is told once until it is another', async () => {
  const stop = new AbortController();
  const problems = ['no firewall', 'no firewall', undefined, 'no firewall', 'no right'];
  const told: string[] = [];
  const log = Object.assign(quietLog(), {
    error: ({ reason }: { reason: string }) => void told.push(reason),
  });
  const driver: MachineDriver = Object.assign(new FakeDriver(), {
    guard: async () => {
      const problem = problems.shift();
      if (problems.length === 0) setImmediate(() => stop.abort());
      if (problem !== undefined) throw new Error(problem);
      return Promise.resolve();
    },
  });
  await guardMachines({ driver, log, intervalMs: 0 }, stop.signal);
  expect(told.slice(0, 3)).toEqual(['no firewall', 'no firewall', 'no right']);
  // A driver that has nothing to guard ends it at once.
  await guardMachines({ driver: new FakeDriver(), log }, new AbortController().signal);
});
