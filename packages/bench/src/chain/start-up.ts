import { blake2b256 } from '@hamster/crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { figure } from '../figure.ts';
import { NodeProcess } from '../node/node-process.ts';
import type { Bench, Measure } from '../suite.ts';
import { nodeFlags, writeChainSpec } from './chain-spec.ts';

const MEBIBYTE = 2 ** 20;

/** A node that starts again on a chain with many accounts, against the same with few. */
export const startUp: Measure = {
  name: 'start-up',
  async run(bench) {
    const count = bench.quick ? 500 : 1_000_000;
    const few = await twice(bench, 'few', 10);
    bench.note(`making a chain with ${count} accounts`);
    const many = await twice(bench, 'many', count);
    return [
      figure({
        name: 'start-up',
        value: many.again.seconds,
        unit: 's',
        baseline: few.again.seconds,
        goal: { of: 'value', is: '<=', limit: 2 },
      }),
      figure({
        name: 'start-up-cpu',
        value: many.again.cpuSeconds,
        unit: 's',
        baseline: few.again.cpuSeconds,
      }),
      figure({
        name: 'memory',
        value: many.again.mebibytes,
        unit: 'MiB',
        baseline: few.again.mebibytes,
        goal: { of: 'value', is: '<=', limit: 1024 },
      }),
      figure({ name: 'first-start', value: many.first.seconds, unit: 's', baseline: few.first.seconds }),
    ];
  },
};

interface Start {
  readonly seconds: number;
  /** Of the processor: what the start costs however busy the machine is. */
  readonly cpuSeconds: number;
  readonly mebibytes: number;
}

/** Starts a chain for the first time, then once more on what it left. */
async function twice(bench: Bench, name: string, count: number): Promise<{ first: Start; again: Start }> {
  const folder = join(bench.folder, name);
  await mkdir(folder);
  const spec = await writeChainSpec(folder, ids(count));
  const flags = nodeFlags(spec, folder);
  return { first: await start(bench, flags), again: await start(bench, flags) };
}

async function start(bench: Bench, flags: readonly string[]): Promise<Start> {
  const node = await NodeProcess.start(bench, flags);
  try {
    const { rss, cpu } = await node.probe();
    return { seconds: node.startedIn / 1000, cpuSeconds: cpu / 1000, mebibytes: rss / MEBIBYTE };
  } finally {
    await node.stop();
  }
}

function* ids(count: number): Generator<Uint8Array> {
  for (let index = 0; index < count; index++) yield blake2b256(Buffer.from(`bench holder ${index}`));
}
