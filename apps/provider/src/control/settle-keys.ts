import { delay, sentenceOf, type Logger } from '@hamster/daemon';
import { MachineError, type MachineDriver } from '@hamster/machines';
import type { Choices } from './choices.ts';
import type { MachineGate } from './machine-gate.ts';

export interface SettleKeysModules {
  readonly driver: Pick<MachineDriver, 'setSshKeys'>;
  readonly gate: MachineGate;
  readonly choices: Choices;
  readonly log: Logger;
  /** Between two tries, ms. */
  readonly everyMs?: number;
}

const EVERY_MS = 15_000;

/**
 * Gives machines the keys that a process before this one was told of, and did not live to see them there: a key that is listed lets
 * its owner in. Ends when there is none left, or when the signal aborts.
 */
export async function settleKeys(modules: SettleKeysModules, signal: AbortSignal): Promise<void> {
  const { choices, everyMs = EVERY_MS } = modules;
  while (!signal.aborted) {
    for (const leaseId of choices.unsureKeys()) await settleOne(modules, leaseId, signal);
    if (choices.unsureKeys().length === 0) return;
    await delay(everyMs, signal).catch(() => undefined);
  }
}

async function settleOne(
  { driver, gate, choices, log }: SettleKeysModules,
  leaseId: string,
  signal: AbortSignal,
): Promise<void> {
  const keys = choices.of(leaseId).sshPublicKeys ?? [];
  try {
    const has = await gate.run(leaseId, 'set-ssh-keys', () =>
      driver.setSshKeys(leaseId, keys, signal).then(() => true, falseIfRefused),
    );
    await choices.settleKeys(leaseId, has);
    log.info({ lease: leaseId }, has ? 'keys applied that a restart had cut short' : 'keys taken back');
  } catch (error) {
    if (!signal.aborted) log.warn({ lease: leaseId, reason: sentenceOf(error) }, 'could not apply keys yet');
  }
}

/** What this machine cannot have, it did not get before either. One that is gone has none. */
function falseIfRefused(error: unknown): false {
  if (error instanceof MachineError && (error.fault === 'order' || error.code === 'MachineNotFound'))
    return false;
  throw error;
}
