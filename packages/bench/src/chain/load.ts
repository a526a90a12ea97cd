import { toHex } from '@hamster/crypto';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BenchError } from '../errors.ts';
import type { BlockLog, NodeProcess } from '../node/node-process.ts';
import type { LoadReport, LoadTask } from './load-client.ts';
import type { SignedTransfer } from './transfers.ts';

const CLIENT = fileURLToPath(new URL('./load-client.ts', import.meta.url));
const CONNECTIONS = 4;
/** Below what the pool takes (16,384). */
const WINDOW = 15_000;
const TIMEOUT_MS = 300_000;

export interface Load {
  /** Transfers that are in blocks. */
  readonly included: number;
  /** Blocks that hold transfers, in order. */
  readonly blocks: readonly BlockLog[];
  /** Processor time of the clients, in ms. */
  readonly clientCpu: number;
}

/** Has another process send all of `transfers` to the node, and waits until they are in blocks. */
export async function runLoad(
  node: NodeProcess,
  transfers: readonly SignedTransfer[],
  folder: string,
): Promise<Load> {
  const file = join(folder, 'extrinsics.txt');
  await writeFile(file, transfers.map(({ bytes }) => toHex(bytes)).join('\n'), { mode: 0o600 });
  const client = fork(CLIENT, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const blocks: BlockLog[] = [];
  let included = 0;
  const complete = Promise.withResolvers<void>();
  const stop = node.onBlock((block) => {
    // The first extrinsic of a block is its timestamp.
    const transfersInIt = block.extrinsics - 1;
    if (transfersInIt > 0) blocks.push(block);
    included += transfersInIt;
    if (client.connected) client.send({ included });
    if (included >= transfers.length) complete.resolve();
  });
  const timer = setTimeout(() => complete.reject(late(included, transfers.length)), TIMEOUT_MS);
  try {
    client.send({ url: node.url, file, connections: CONNECTIONS, window: WINDOW } satisfies LoadTask);
    await reported(client, 'ready');
    client.send({ included: 0 });
    const report = await reported(client, 'done');
    if (report.refused > 0) throw refused(report.refused, report.example);
    await complete.promise;
    return { included, blocks, clientCpu: report.cpu };
  } finally {
    clearTimeout(timer);
    complete.promise.catch(() => undefined);
    stop();
    client.kill();
  }
}

async function reported<T extends LoadReport['type']>(
  client: ReturnType<typeof fork>,
  type: T,
): Promise<Extract<LoadReport, { type: T }>> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  for (;;) {
    const [report] = (await once(client, 'message', { signal })) as [LoadReport];
    if (report.type === type) return report as Extract<LoadReport, { type: T }>;
  }
}

const late = (included: number, wanted: number): BenchError =>
  new BenchError('BENCH_PROCESS', `Only ${included} of ${wanted} transfers came into blocks in time`);

const refused = (count: number, example: string): BenchError =>
  new BenchError('BENCH_WRONG_RESULT', `The node refused ${count} transfers, such as ${example}`);
