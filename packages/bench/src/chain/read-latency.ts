import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { figure } from '../figure.ts';
import { NodeProcess } from '../node/node-process.ts';
import type { ProbeReport } from '../node/probe.ts';
import type { Bench, Measure } from '../suite.ts';
import { accounts } from './accounts.ts';
import { nodeFlags, writeChainSpec } from './chain-spec.ts';
import { runLoad } from './load.ts';
import type { ReadReport, ReadTask } from './read-client.ts';
import { signTransfers } from './transfers.ts';

const CLIENT = fileURLToPath(new URL('./read-client.ts', import.meta.url));

/** What a wallet waits for an answer, and how late the node's event loop is, with idle and with full blocks. */
export const readLatency: Measure = {
  name: 'read-latency',
  async run(bench) {
    const { senders, count, idleMs } = sizesOf(bench);
    const keys = accounts(senders);
    const spec = await writeChainSpec(
      bench.folder,
      keys.map(({ publicKey }) => publicKey),
    );
    const node = await NodeProcess.start(bench, nodeFlags(spec, bench.folder));
    try {
      const transfers = signTransfers(keys, count, node.genesisHash);
      const idle = await watched(node, () => new Promise((resolve) => setTimeout(resolve, idleMs)));
      const full = await watched(node, () => runLoad(node, transfers, bench.folder));
      return figuresOf(idle, full);
    } finally {
      await node.stop();
    }
  },
};

const sizesOf = ({ quick }: Bench) =>
  quick ? { senders: 20, count: 60, idleMs: 300 } : { senders: 2_000, count: 24_000, idleMs: 5_000 };

interface Stretch {
  readonly reads: ReadReport;
  readonly probe: ProbeReport;
}

/** Reads from another process while `during` goes on. */
async function watched(node: NodeProcess, during: () => Promise<unknown>): Promise<Stretch> {
  const client = fork(CLIENT, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  try {
    const ready = once(client, 'message', { signal: AbortSignal.timeout(60_000) });
    client.send({ url: node.url } satisfies ReadTask);
    await ready;
    node.resetProbe();
    client.send('go');
    await during();
    const probe = await node.probe();
    const answer = once(client, 'message', { signal: AbortSignal.timeout(60_000) });
    client.send('report');
    const [reads] = (await answer) as [ReadReport];
    return { reads, probe };
  } finally {
    client.kill();
  }
}

const figuresOf = (idle: Stretch, full: Stretch) => [
  figure({
    name: 'read-p99',
    value: full.reads.p99,
    unit: 'ms',
    baseline: idle.reads.p99,
    goal: { of: 'value', is: '<=', limit: 20 },
  }),
  figure({ name: 'read-median', value: full.reads.median, unit: 'ms', baseline: idle.reads.median }),
  figure({
    name: 'event-loop-lag-p99',
    value: full.probe.lagP99,
    unit: 'ms',
    baseline: Math.max(idle.probe.lagP99, 0.01),
    goal: { of: 'value', is: '<=', limit: 50 },
  }),
  figure({ name: 'event-loop-lag-max', value: full.probe.lagMax, unit: 'ms', baseline: idle.probe.lagMax }),
];
