import { toHex } from '@hamster/crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BenchError } from '../errors.ts';
import { figure } from '../figure.ts';
import { NodeProcess } from '../node/node-process.ts';
import { RpcClient } from '../node/rpc-client.ts';
import type { Bench, Measure } from '../suite.ts';
import { accounts } from './accounts.ts';
import { nodeFlags, writeChainSpec } from './chain-spec.ts';
import { signTransfers, type SignedTransfer } from './transfers.ts';

const LOOPBACK = ['--listen-addr', '/ip4/127.0.0.1/tcp/0'];
const TIMEOUT_MS = 300_000;

/** A full node that comes late: it fetches, checks, executes and stores what the author made before. */
export const catchUp: Measure = {
  name: 'catch-up',
  async run(bench) {
    const { blocks, perBlock } = bench.quick ? { blocks: 6, perBlock: 5 } : { blocks: 400, perBlock: 100 };
    const keys = accounts(perBlock);
    const spec = await writeChainSpec(
      bench.folder,
      keys.map(({ publicKey }) => publicKey),
    );
    const flags = nodeFlags(spec, await folderOf(bench, 'author'));
    const author = await NodeProcess.start(bench, [...flags, '--manual-seal', ...LOOPBACK]);
    const rpc = await RpcClient.connect(author.url);
    try {
      bench.note(`making ${blocks} blocks of ${perBlock} transfers`);
      const transfers = signTransfers(keys, blocks * perBlock, author.genesisHash);
      const making = await makeBlocks(rpc, transfers, perBlock);
      const [address] = await rpc.call<string[]>('system_localListenAddresses');
      if (!address) throw new BenchError('BENCH_PROCESS', 'The author listens for nobody');
      return figuresOf({ ...(await follow(bench, spec, { address, blocks })), making });
    } finally {
      rpc.close();
      await author.stop();
    }
  },
};

async function folderOf({ folder }: Bench, name: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(path);
  return path;
}

/** Answers how many blocks a second the author made. */
async function makeBlocks(
  rpc: RpcClient,
  transfers: readonly SignedTransfer[],
  perBlock: number,
): Promise<number> {
  const since = performance.now();
  for (let at = 0; at < transfers.length; at += perBlock) {
    const batch = transfers.slice(at, at + perBlock);
    await Promise.all(batch.map(({ bytes }) => rpc.call('author_submitExtrinsic', [toHex(bytes)])));
    await rpc.call('dev_newBlock');
  }
  return transfers.length / perBlock / ((performance.now() - since) / 1000);
}

interface Course {
  /** Blocks per second. */
  readonly rate: number;
  /** Processor time of one block, in ms. */
  readonly cpuPerBlock: number;
}

async function follow(
  bench: Bench,
  spec: string,
  { address, blocks }: { readonly address: string; readonly blocks: number },
): Promise<Course> {
  const flags = ['--chain', spec, '--base-path', await folderOf(bench, 'full'), ...LOOPBACK];
  const node = await NodeProcess.start(bench, [...flags, '--bootnodes', address]);
  const rpc = await RpcClient.connect(node.url);
  try {
    const [start, idle] = [await headOf(rpc), await node.probe()];
    const since = performance.now();
    await reached(rpc, blocks);
    const seconds = (performance.now() - since) / 1000;
    const busy = await node.probe();
    // Only small runs are over before they were looked at, and nobody looks at their numbers.
    const count = Math.max(1, blocks - start);
    return { rate: count / seconds, cpuPerBlock: (busy.cpu - idle.cpu) / count };
  } finally {
    rpc.close();
    await node.stop();
  }
}

interface Head {
  /** In hex. */
  readonly number: string;
}

const headOf = async (rpc: RpcClient): Promise<number> =>
  Number((await rpc.call<Head>('chain_getHeader')).number);

const HEADS = { subscribe: 'chain_subscribeNewHeads', notification: 'chain_newHead', timeoutMs: TIMEOUT_MS };

const reached = (rpc: RpcClient, wanted: number): Promise<Head> =>
  rpc.first<Head>(HEADS, ({ number }) => Number(number) >= wanted);

const figuresOf = ({ rate, cpuPerBlock, making }: Course & { readonly making: number }) => [
  figure({ name: 'catch-up', value: rate, unit: 'blocks/s', baseline: making }),
  figure({ name: 'catch-up-cpu', value: cpuPerBlock, unit: 'ms' }),
];
