import { figure, type Figure, type Goal } from '../figure.ts';
import { median } from '../median.ts';
import type { Bench, Measure } from '../suite.ts';
import { downloadRate, uploadRate } from './transfer.ts';
import { withWays, type Ways } from './ways.ts';

const BYTES = 128 << 20;
const QUICK_BYTES = 4 << 20;
const ROUNDS = 3;
const DIRECTIONS = { up: uploadRate, down: downloadRate } as const;
const WAYS = ['raw', 'ssh', 'direct', 'relayed'] as const;

type Direction = keyof typeof DIRECTIONS;
type Rates = Record<(typeof WAYS)[number], number[]>;

const GOALS: Partial<Record<(typeof WAYS)[number], Goal>> = {
  direct: { of: 'ratio', is: '>=', limit: 0.6 },
  relayed: { of: 'ratio', is: '>=', limit: 0.4 },
};

/** Uploads and downloads by all the ways, taking turns, beside `ssh -L`. */
export const tunnelThroughput: Measure = {
  name: 'tunnel-throughput',
  run: (bench) =>
    withWays(bench, async (ways) => [
      ...(await figuresOf(bench, ways, 'up')),
      ...(await figuresOf(bench, ways, 'down')),
    ]),
};

async function figuresOf({ quick }: Bench, ways: Ways, direction: Direction): Promise<Figure[]> {
  const bytes = quick ? QUICK_BYTES : BYTES;
  const rates: Rates = { raw: [], ssh: [], direct: [], relayed: [] };
  // The first round warms up and does not count.
  for (let round = 0; round <= (quick ? 1 : ROUNDS); round += 1) {
    for (const way of WAYS) {
      const port = ways[way];
      const rate = port === undefined ? undefined : await DIRECTIONS[direction](port, bytes);
      if (rate !== undefined && round > 0) rates[way].push(rate);
    }
  }
  return WAYS.filter((way) => rates[way].length > 0).map((way) => {
    const baseline = way === 'ssh' || rates.ssh.length === 0 ? {} : { baseline: median(rates.ssh) };
    const goal = GOALS[way] ? { goal: GOALS[way] } : {};
    return figure({
      name: `${way}-${direction}`,
      value: median(rates[way]),
      unit: 'MB/s',
      ...baseline,
      ...goal,
    });
  });
}
