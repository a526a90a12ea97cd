import { lazily, type Suite } from '../suite.ts';

export const weightsSuite: Suite = {
  name: 'weights',
  measures: [
    lazily('calls', async () => (await import('./weights.ts')).callWeights),
    lazily('tasks', async () => (await import('./weights.ts')).taskWeights),
    lazily('full-blocks', async () => (await import('./weights.ts')).fullBlocks),
  ],
};
