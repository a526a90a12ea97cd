import { writeFile } from 'node:fs/promises';
import { runAppOrThrow } from '../../src/index.ts';

/** How much faster than on a public network the market's clocks run. */
const TIMES = 30;
export const SIMULATED_HOUR_MS = 3_600_000 / TIMES;

interface Spec {
  genesis: Record<string, { parameters?: Record<string, number | string> }>;
}

/** Writes a development chain whose hour lasts two minutes, and its silences in proportion. */
export async function writeFastChain(file: string): Promise<void> {
  const signal = AbortSignal.timeout(60_000);
  const { stdout } = await runAppOrThrow('node', ['--dev', 'build-spec'], { signal });
  const spec = JSON.parse(stdout) as Spec;
  Object.assign(spec.genesis['resourceOrder']?.parameters ?? {}, {
    hour: String(SIMULATED_HOUR_MS),
    order_timeout: '60000',
    heartbeat_interval: '5000',
    suspend_after: '20000',
    fault_after: '90000',
  });
  await writeFile(file, JSON.stringify(spec));
}
