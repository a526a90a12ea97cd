import { randomInt } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { runAppOrThrow } from '../../src/index.ts';

/** How much faster than on a public network the market's clocks run. */
const TIMES = 30;
export const SIMULATED_HOUR_MS = 3_600_000 / TIMES;

interface Spec {
  genesis: Record<string, { parameters?: Record<string, number | string> }>;
}

/**
 * Writes a development chain whose hour lasts two minutes, and its silences in proportion.
 * @param changed parameters that are to be others.
 */
export async function writeFastChain(file: string, changed: Record<string, string> = {}): Promise<void> {
  await writeChain(file, {
    hour: String(SIMULATED_HOUR_MS),
    order_timeout: '60000',
    heartbeat_interval: '5000',
    suspend_after: '20000',
    fault_after: '90000',
    ...changed,
  });
}

/** Writes a development chain with a genesis of its own, which all that is on the host's hypervisor is named by. */
export async function writeOwnChain(file: string): Promise<void> {
  await writeChain(file, { order_timeout: String(1_000_000 + randomInt(1_000_000)) });
}

async function writeChain(file: string, parameters: Record<string, string>): Promise<void> {
  const signal = AbortSignal.timeout(60_000);
  const { stdout } = await runAppOrThrow('node', ['--dev', 'build-spec'], { signal });
  const spec = JSON.parse(stdout) as Spec;
  Object.assign(spec.genesis['resourceOrder']?.parameters ?? {}, parameters);
  await writeFile(file, JSON.stringify(spec));
}
