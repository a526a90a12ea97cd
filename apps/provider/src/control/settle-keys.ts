import { delay, sentenceOf, type Logger } from '@hamster/daemon';
import { MachineError, type MachineDriver } from '@hamster/machines';
import type { Choices } from './choices.ts';
import type { MachineGate } from './machine-gate.ts';

export interface SettleKeysModules {
  readonly driver: Pick<MachineDriver, 'setSshKeys'>;
  readonly gate: MachineGate;
  readonly choices: Choices;
  readonly log: Logger;
  /** Before the second try, ms; each further wait is twice as long, up to five minutes. */
  readonly everyMs?: number;
}

const EVERY_MS = 15_000;
const LONGEST_MS = 300_000;

/**
 * Gives machines the keys that a process before this one was told of, and did not live to see them there: a key that is listed lets
 * its owner in. Ends when there is none left, or when the signal aborts.
 */
export async function settleKeys(modules: SettleKeysModules, signal: AbortSignal): Promise<void> {
  const { choices, log, everyMs = EVERY_MS } = modules;
  const told = new Map<string, string>();
  for (let waitMs = everyMs; !signal.aborted; waitMs = Math.min(2 * waitMs, LONGEST_MS)) {
    for (const leaseId of choices.unsureKeys()) {
      const reason = await settleOne(modules, leaseId, signal);
      // The same sentence again and again would drown everything else.
      if (reason === undefined || signal.aborted || told.get(leaseId) === reason) continue;
      told.set(leaseId, reason);
      log.warn({ lease: leaseId, reason }, 'could not apply keys yet; going on trying');
    }
    if (choices.unsureKeys().length === 0) return;
    await delay(waitMs, signal).catch(() => undefined);
  }
}

/** Hands back why it could not be done, if it could not. */
async function settleOne(
  { driver, gate, choices, log }: SettleKeysModules,
  leaseId: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const keys = choices.of(leaseId).sshPublicKeys ?? [];
  try {
    const has = await gate.run(leaseId, 'set-ssh-keys', () =>
      driver.setSshKeys(leaseId, keys, signal).then(() => true, falseIfRefused),
    );
    await choices.settleKeys(leaseId, has);
    log.info({ lease: leaseId }, has ? 'keys applied that a restart had cut short' : 'keys taken back');
    return undefined;
  } catch (error) {
    return sentenceOf(error);
  }
}

/** What this machine cannot have, it did not get before either. One that is gone has none. */
function falseIfRefused(error: unknown): false {
  if (error instanceof MachineError && (error.fault === 'order' || error.code === 'MachineNotFound'))
    return false;
  throw error;
}
