import type { Goal } from '../figure.ts';
import type { Suite } from '../suite.ts';
import { machineStart } from './machine-start.ts';

/** From an order that was seen to a machine whose SSH server answers. */
export const leaseSuite: Suite = {
  name: 'lease',
  measures: [
    machineStart('tiny', { memoryMib: 256, goal: seconds(8), warmGoal: seconds(1) }),
    machineStart('debian-12', {
      memoryMib: 512,
      goal: { of: 'ratio', is: '<=', limit: 1.15 },
      warmGoal: seconds(3),
    }),
    machineStart('container-tiny', { memoryMib: 256, goal: seconds(1) }),
  ],
};

function seconds(limit: number): Goal {
  return { of: 'value', is: '<=', limit };
}
