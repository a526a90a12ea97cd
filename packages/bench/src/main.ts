import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BenchError } from './errors.ts';
import { jsonLine, tableHead, tableRow } from './output.ts';
import type { Measure, Suite } from './suite.ts';
import { SUITES } from './suites.ts';

const USAGE = `Usage: pnpm bench <${SUITES.map(({ name }) => name).join('|')}> [options]

  --json                   one JSON object a line instead of a table
  --only NAME              one measurement: ${SUITES.flatMap(({ measures }) => measures.map(({ name }) => name)).join(', ')}
  --quick                  small sizes: shows that everything works, the numbers mean nothing
  --cpu-prof FOLDER        leaves CPU profiles of the nodes there
  --chopsticks-spec PATH   compares with chopsticks on this chain spec (docs/benchmarks.md says where to get one)
  --chopsticks-bin PATH    its program, where npx cannot fetch it

Ends with 0 when everything was measured, whether the goals were met or not.
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
    only: { type: 'string' },
    'cpu-prof': { type: 'string' },
    'chopsticks-spec': { type: 'string' },
    'chopsticks-bin': { type: 'string' },
  },
});

const { json, quick, help, ...options } = values;
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const note = (text: string): void => void process.stderr.write(`${text}\n`);

function suiteOf(name: string | undefined): Suite {
  const suite = SUITES.find((each) => each.name === name);
  if (suite) return suite;
  throw new BenchError('BENCH_USAGE', name ? `There is no suite "${name}".` : 'Say which suite to run.');
}

function measuresOf({ name, measures }: Suite, only: string | undefined): readonly Measure[] {
  if (only === undefined) return measures;
  const found = measures.filter((measure) => measure.name === only);
  if (found.length > 0) return found;
  throw new BenchError('BENCH_USAGE', `The suite "${name}" does not measure "${only}".`);
}

async function measure({ name, run, cleansUp = false }: Measure): Promise<void> {
  const stop = new AbortController();
  const release = cleansUp ? onSignals((error) => stop.abort(error)) : () => undefined;
  const folder = await mkdtemp(join(tmpdir(), 'hamster-bench-'));
  note(`measuring ${name}`);
  try {
    const figures = await run({
      quick,
      folder,
      options,
      note,
      signal: stop.signal,
    });
    for (const figure of figures) print(json ? jsonLine(figure) : tableRow(figure));
  } finally {
    release();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The first signal is told to `stop`; a second one ends the process, as if nobody listened. */
function onSignals(stop: (reason: BenchError) => void): () => void {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const listener = (signal: NodeJS.Signals): void => {
    release();
    note('cleaning up');
    stop(new BenchError('BENCH_STOPPED', `Stopped by ${signal}; nothing was left behind.`));
  };
  const release = (): void => signals.forEach((signal) => process.off(signal, listener));
  for (const signal of signals) process.on(signal, listener);
  return release;
}

async function main(): Promise<void> {
  if (help) return print(USAGE);
  const measures = measuresOf(suiteOf(positionals[0]), values.only);
  if (!json) print(tableHead());
  for (const each of measures) await measure(each);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof BenchError)) throw error;
  note(error.code === 'BENCH_USAGE' ? `${error.message}\n\n${USAGE}` : error.message);
  process.exitCode = error.code === 'BENCH_USAGE' ? 2 : 1;
}
