/** A wallet, in a process of its own: reads one after the other, some fifty a second, and keeps how long each took. */
import { RpcClient } from '../node/rpc-client.ts';

export interface ReadTask {
  readonly url: string;
}

/** ms. */
export interface ReadReport {
  readonly reads: number;
  readonly median: number;
  readonly p99: number;
}

const PAUSE_MS = 20;
/** System.Number: in every state. */
const KEY = '0x26aa394eea5630e07c48ae0c9558cef702a5c1b19ab7a04f536c519aca4983ac';

process.once('message', (task: ReadTask) => void run(task));

async function run({ url }: ReadTask): Promise<void> {
  const client = await RpcClient.connect(url);
  await client.call('state_getStorage', [KEY]);
  process.on('message', (message) => {
    if (message === 'go') void read(client, took);
    if (message === 'report') process.send?.(reportOf(took));
  });
  const took: number[] = [];
  process.send?.('ready');
}

async function read(client: RpcClient, took: number[]): Promise<void> {
  while (process.connected) {
    const since = performance.now();
    await client.call('state_getStorage', [KEY]);
    took.push(performance.now() - since);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

function reportOf(took: readonly number[]): ReadReport {
  const sorted = took.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  return { reads: sorted.length, median: at(0.5), p99: at(0.99) };
}
