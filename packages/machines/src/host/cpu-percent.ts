import { setTimeout as delay } from 'node:timers/promises';
import type { MachineMetrics } from '../driver.ts';

const WINDOW_MS = 250;

/** Reads a counter of CPU time twice. What ended in between may make it smaller, which counts as nothing. */
export async function measureCpu(
  read: () => Promise<bigint>,
  signal: AbortSignal,
): Promise<MachineMetrics['cpu']> {
  const started = process.hrtime.bigint();
  const before = await read();
  await delay(WINDOW_MS, undefined, { signal });
  const timeNs = await read();
  const elapsed = process.hrtime.bigint() - started;
  const used = timeNs > before ? timeNs - before : 0n;
  return { timeNs, percent: Number((used * 10_000n) / elapsed) / 100 };
}
