import { sentenceOf, type Logger } from '@hamster/daemon';
import type { MachineDriver } from '@hamster/machines';
import { setTimeout as delay } from 'node:timers/promises';

const INTERVAL_MS = 30_000;

export interface GuardModules {
  readonly driver: MachineDriver;
  readonly log: Logger;
  readonly intervalMs?: number;
}

/** Has the driver look after what keeps running machines from this host's network and disk, until `signal` fires. Never rejects. */
export async function guardMachines(
  { driver, log, intervalMs = INTERVAL_MS }: GuardModules,
  signal: AbortSignal,
): Promise<void> {
  if (driver.guard === undefined) return;
  let told = '';
  while (!signal.aborted) {
    const problem = await driver.guard(signal).then(() => '', sentenceOf);
    if (signal.aborted) return;
    if (problem && problem !== told)
      log.error({ reason: problem }, 'a machine may not be kept from this host');
    told = problem;
    await delay(intervalMs, undefined, { signal }).catch(() => undefined);
  }
}
