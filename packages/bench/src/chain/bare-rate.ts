import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { BenchError } from '../errors.ts';
import type { BareResult, BareTask } from './bare-worker.ts';
import type { SignedTransfer } from './transfers.ts';

export interface BareRate {
  /** Checks per second. */
  readonly rate: number;
  /** µs of processor time. */
  readonly cpuPerCheck: number;
}

/** How fast so many threads of this machine check signatures when they do nothing else. */
export async function bareRate(
  threads: number,
  transfers: readonly SignedTransfer[],
  duration: number,
): Promise<BareRate> {
  const claims = transfers.map(({ claim }) => claim);
  const workers = await Promise.all(Array.from({ length: threads }, () => start({ claims, duration })));
  const results = await Promise.all(workers.map(measure));
  if (results.some(({ checked, falseOnes }) => falseOnes > 0 || checked === 0)) {
    throw new BenchError('BENCH_WRONG_RESULT', 'Signatures that were just made do not hold');
  }
  const sum = (of: (result: BareResult) => number) => results.reduce((total, each) => total + of(each), 0);
  return {
    rate: sum(({ checked, took }) => (checked / took) * 1000),
    cpuPerCheck: (sum(({ cpu }) => cpu) / sum(({ checked }) => checked)) * 1000,
  };
}

async function start(task: BareTask): Promise<Worker> {
  const worker = new Worker(new URL('./bare-worker.ts', import.meta.url), { workerData: task });
  await once(worker, 'online');
  return worker;
}

async function measure(worker: Worker): Promise<BareResult> {
  const result = once(worker, 'message', { signal: AbortSignal.timeout(120_000) });
  worker.postMessage('go');
  const [answer] = (await result) as [BareResult];
  await worker.terminate();
  return answer;
}
