import { availableParallelism } from 'node:os';
import { BenchError } from '../errors.ts';
import { figure } from '../figure.ts';
import { NodeProcess, type BlockLog } from '../node/node-process.ts';
import type { ProbeReport } from '../node/probe.ts';
import type { Bench, Measure } from '../suite.ts';
import { accounts } from './accounts.ts';
import { bareRate } from './bare-rate.ts';
import { nodeFlags, writeChainSpec } from './chain-spec.ts';
import { runLoad } from './load.ts';
import { signTransfers, type SignedTransfer } from './transfers.ts';

const CORES = availableParallelism();
/** As many as the node uses by default. */
const THREADS = Math.min(4, CORES);

export const throughput: Measure = {
  name: 'throughput',
  async run(bench) {
    const { senders, count, bareMs } = sizesOf(bench);
    const keys = accounts(senders);
    const spec = await writeChainSpec(
      bench.folder,
      keys.map(({ publicKey }) => publicKey),
    );
    const node = await NodeProcess.start(bench, nodeFlags(spec, bench.folder));
    try {
      bench.note(`signing ${count} transfers of ${senders} accounts`);
      const transfers = signTransfers(keys, count, node.genesisHash);
      const sample = transfers.slice(0, 2_000);
      const before = await bareRates(sample, bareMs);
      const idle = await node.probe();
      const { included, blocks, clientCpu } = await runLoad(node, transfers, bench.folder);
      const busy = await node.probe();
      const after = await bareRates(sample, bareMs);
      if (included !== count) throw new BenchError('BENCH_WRONG_RESULT', `${included} of ${count} included`);
      return figuresOf({
        rate: sustainedRate(blocks),
        bare: mean(before.threads.rate, after.threads.rate),
        bareOfAllCores: mean(before.cores.rate, after.cores.rate),
        blocks,
        perTransfer: costsOf(idle, busy, clientCpu, count),
        perCheck: mean(before.threads.cpuPerCheck, after.threads.cpuPerCheck),
      });
    } finally {
      await node.stop();
    }
  },
};

const sizesOf = ({ quick }: Bench) =>
  quick ? { senders: 20, count: 60, bareMs: 50 } : { senders: 2_000, count: 120_000, bareMs: 2_000 };

/** What so many threads as the node has for it check, and what all cores do. */
async function bareRates(sample: readonly SignedTransfer[], duration: number) {
  const threads = await bareRate(THREADS, sample, duration);
  return { threads, cores: CORES === THREADS ? threads : await bareRate(CORES, sample, duration) };
}

const mean = (before: number, after: number): number => (before + after) / 2;

/** Transfers over which a node that has just started still compiles what it runs. They do not count. */
const WARM_UP = 30_000;

/** Transfers per second from the end of the block with which the node is warm to the end of the last but one. */
function sustainedRate(blocks: readonly BlockLog[]): number {
  const steady = blocks.length > 4 ? afterWarmUp(blocks).slice(0, -1) : blocks;
  const [first, ...others] = steady;
  const last = others.at(-1);
  // All in one block: only small runs end here, and nobody looks at their numbers.
  if (!first || !last) return first ? first.extrinsics - 1 : 0;
  const transfers = others.reduce((sum, { extrinsics }) => sum + extrinsics - 1, 0);
  return (transfers / (last.at - first.at)) * 1000;
}

/** The block with which the node is warm, and those behind it. */
function afterWarmUp(blocks: readonly BlockLog[]): readonly BlockLog[] {
  let before = 0;
  const warm = blocks.findIndex(({ extrinsics }) => (before += extrinsics - 1) >= WARM_UP);
  return blocks.slice(Math.max(warm, 1));
}

/** Processor time in µs for each transfer. */
interface Costs {
  readonly node: number;
  readonly mainThread: number;
  readonly signatureThreads: number;
  readonly client: number;
}

function costsOf(idle: ProbeReport, busy: ProbeReport, clientCpu: number, count: number): Costs {
  const each = (milliseconds: number): number => (milliseconds / count) * 1000;
  return {
    node: each(busy.cpu - idle.cpu),
    mainThread: each(busy.mainCpu - idle.mainCpu),
    signatureThreads: each(busy.signatureCpu - idle.signatureCpu),
    client: each(clientCpu),
  };
}

interface Result {
  /** Transfers, and bare checks, per second. */
  readonly rate: number;
  readonly bare: number;
  /** The same when every core checks signatures, and does nothing else. */
  readonly bareOfAllCores: number;
  readonly blocks: readonly BlockLog[];
  readonly perTransfer: Costs;
  /** Processor time of one check alone, in µs. */
  readonly perCheck: number;
}

function figuresOf({ rate, bare, bareOfAllCores, blocks, perTransfer, perCheck }: Result) {
  const fullest = Math.max(...blocks.map(({ extrinsics }) => extrinsics - 1));
  return [
    figure({
      name: 'transfers-per-second',
      value: rate,
      unit: '1/s',
      baseline: bareOfAllCores,
      goal: { of: 'ratio', is: '>=', limit: 0.7 },
    }),
    figure({ name: 'transfers-of-signature-threads', value: rate, unit: '1/s', baseline: bare }),
    figure({ name: 'transfers-in-fullest-block', value: fullest, unit: 'transfers' }),
    figure({ name: 'cpu-per-transfer', value: perTransfer.node, unit: 'µs', baseline: perCheck }),
    figure({ name: 'cpu-of-main-thread', value: perTransfer.mainThread, unit: 'µs' }),
    figure({
      name: 'cpu-of-signature-threads',
      value: perTransfer.signatureThreads,
      unit: 'µs',
      baseline: perCheck,
    }),
    figure({ name: 'cpu-of-clients', value: perTransfer.client, unit: 'µs' }),
  ];
}
