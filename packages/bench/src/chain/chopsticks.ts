import { spawn, type ChildProcess } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { BenchError } from '../errors.ts';
import { figure, type Figure } from '../figure.ts';
import { NodeProcess } from '../node/node-process.ts';
import { RpcClient } from '../node/rpc-client.ts';
import type { Bench, Measure } from '../suite.ts';

const PACKAGE = '@acala-network/chopsticks@1.5.1';
const START_TIMEOUT_MS = 300_000;
const BLOCKS = 20;

/** Blocks per second of this node and of chopsticks, both on demand and empty, one after the other. */
export const chopsticks: Measure = {
  name: 'chopsticks',
  async run(bench) {
    const spec = bench.options['chopsticks-spec'];
    if (!spec) {
      bench.note('skipped: --chopsticks-spec PATH compares with chopsticks on that chain spec');
      return [];
    }
    const theirs = await withChopsticks(bench, resolve(spec), blockRate);
    const ours = await withNode(bench, blockRate);
    return [comparison(ours, theirs)];
  },
};

const comparison = (ours: number, theirs: number): Figure =>
  figure({ name: 'blocks-per-second-against-chopsticks', value: ours, unit: '1/s', baseline: theirs });

async function blockRate(url: string): Promise<number> {
  const client = await RpcClient.connect(url);
  try {
    await client.call('dev_newBlock');
    const before = await heightOf(client);
    const since = performance.now();
    for (let made = 0; made < BLOCKS; made++) await client.call('dev_newBlock');
    const took = performance.now() - since;
    // Chopsticks answers with the old head when the runtime of its spec cannot build blocks.
    if ((await heightOf(client)) - before !== BLOCKS) throw noBlocks(url);
    return (BLOCKS / took) * 1000;
  } finally {
    client.close();
  }
}

const heightOf = async (client: RpcClient): Promise<number> =>
  Number((await client.call<{ number: string }>('chain_getHeader')).number);

const noBlocks = (url: string): BenchError =>
  new BenchError(
    'BENCH_WRONG_RESULT',
    `${url} answers dev_newBlock, and makes no block: the chain spec needs a :code that builds blocks, which that of this node is not`,
  );

async function withNode(bench: Bench, use: (url: string) => Promise<number>): Promise<number> {
  const node = await NodeProcess.start(bench, ['--dev', '--manual-seal', '--base-path', bench.folder]);
  try {
    return await use(node.url);
  } finally {
    await node.stop();
  }
}

async function withChopsticks(
  bench: Bench,
  genesis: string,
  use: (url: string) => Promise<number>,
): Promise<number> {
  const config = join(bench.folder, 'chopsticks.json');
  const port = await freePort();
  // JSON is YAML too.
  await writeFile(config, JSON.stringify({ genesis, port, 'build-block-mode': 'Manual' }), { mode: 0o600 });
  const program = bench.options['chopsticks-bin'];
  const [command, ...args] = program ? [process.execPath, program] : ['npx', '-y', PACKAGE];
  const child = spawn(command ?? '', [...args, '-c', config], { stdio: ['ignore', 'ignore', 'inherit'] });
  try {
    const url = `ws://127.0.0.1:${port}`;
    await listening(child, url);
    return await use(url);
  } finally {
    child.kill('SIGTERM');
  }
}

/** Chopsticks says in many ways that it is ready; that it answers is the surest. */
async function listening(child: ChildProcess, url: string): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline) {
    if (child.exitCode !== null) throw new BenchError('BENCH_PROCESS', 'chopsticks ended before it listened');
    const client = await RpcClient.connect(url).catch(() => undefined);
    if (client) return client.close();
    await new Promise((done) => setTimeout(done, 250));
  }
  throw new BenchError('BENCH_PROCESS', 'chopsticks did not listen in time');
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });
}
