/**
 * Loaded into a node by --import: watches its event loop from inside, and answers over the channel to its parent.
 * The node itself knows nothing of it.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { threadCpu } from './thread-cpu.ts';

export interface ProbeReport {
  /** How late the event loop was, in ms. */
  readonly lagP99: number;
  readonly lagMax: number;
  /** Processor time of all threads since the start, in ms. */
  readonly cpu: number;
  /** Of it, that of the thread with the event loop, and that of those which check signatures. */
  readonly mainCpu: number;
  readonly signatureCpu: number;
  /** Resident memory in bytes. */
  readonly rss: number;
}

/** How often the loop is looked at, in ms: a delay is what comes on top. */
const RESOLUTION = 5;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION });
delay.enable();

const milliseconds = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION);

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

process.on('message', (question) => {
  if (question === 'reset') delay.reset();
  if (question !== 'report') return;
  const report: ProbeReport = {
    lagP99: milliseconds(delay.percentile(99)),
    lagMax: milliseconds(delay.max),
    cpu: cpuMs(),
    mainCpu: threadCpu('MainThread'),
    signatureCpu: threadCpu('signatures'),
    rss: process.memoryUsage.rss(),
  };
  process.send?.(report);
});
// Listening to the parent must not keep the node alive.
process.channel?.unref();
