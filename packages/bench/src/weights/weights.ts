import { type Figure, figure } from '../figure.ts';
import type { Bench, Measure } from '../suite.ts';
import { blockCases } from './cases/blocks.ts';
import { CALL_CASES } from './cases/calls.ts';
import { TASK_CASES } from './cases/tasks.ts';
import { fillBlock, fullestBlock, loneCall } from './full-block.ts';
import { measureCall } from './measure-call.ts';
import { measureTask } from './measure-task.ts';
import { Stage } from './stage.ts';

type Figures = (stage: Stage, bench: Bench) => Iterable<Figure>;

/** A measurement on the stage that it builds, with so many accounts besides the cast. */
const onStage = (name: string, figuresOf: Figures, residentsOf?: (bench: Bench) => number): Measure => ({
  name,
  async run(bench) {
    const stage = new Stage(bench, residentsOf?.(bench));
    try {
      return [...figuresOf(stage, bench)];
    } finally {
      await stage.close();
    }
  },
});

/** The figure, and a line for whoever waits for the others. */
function told({ note }: Bench, each: Figure): Figure {
  note(`${each.name}: ${each.value} ${each.unit} of ${each.baseline}`);
  return each;
}

export const callWeights = onStage('calls', (stage, bench) =>
  CALL_CASES.map((subject) => told(bench, measureCall(stage, subject, bench.quick))),
);

export const taskWeights = onStage('tasks', (stage, bench) => [
  emptyBlock(stage),
  ...TASK_CASES.map((subject) => told(bench, measureTask(stage, subject, bench.quick))),
]);

const fullBlocksOn: Figures = (stage, { quick, note }) => {
  const subjects = [...CALL_CASES.filter(({ endless }) => endless), ...blockCases];
  // Does not count: what making the state has left is collected meanwhile.
  for (const subject of subjects.slice(0, 1)) fillBlock(stage, subject, quick);
  const blocks = subjects.map((subject) => {
    const block = fillBlock(stage, subject, quick);
    note(`a block full of ${block.call}: ${block.took.toFixed(0)} ms of ${block.charged.toFixed(0)}`);
    return block;
  });
  const lone = CALL_CASES.filter(({ call }) => call === 'Balances.transfer_keep_alive');
  return [...lone.map((subject) => loneCall(stage, subject)), ...fullestBlock(blocks)];
};

/** What fills a block may be anybody's: the more there are, the less have the paths of the trie in common. */
export const fullBlocks = onStage('full-blocks', fullBlocksOn, ({ quick }) => (quick ? 100 : 1_000_000));

const emptyBlock = ({ empty }: Stage): Figure =>
  figure({
    name: 'empty-block',
    value: 1_000 * (empty.opened + empty.sealed),
    unit: 'µs',
    baseline: empty.charged.all,
    goal: { of: 'ratio', is: '<=', limit: 1 },
  });
