import { setTimeout as delay } from 'node:timers/promises';
import type { Machine } from '../access/machine.ts';
import type { Context } from '../cli/context.ts';
import { CliError, EXIT } from '../cli/errors.ts';
import { showProgress } from '../format/progress.ts';

const LOOK_EVERY_MS = 1000;
/** A large image under emulation takes minutes to boot. */
const PATIENCE_MS = 600_000;

/** Shows a wait until the machine answers SSH. Throws CliError NOT_UP when it does not come up. */
export async function awaitRunning(
  { terminal, signal }: Pick<Context, 'terminal' | 'signal'>,
  id: number,
  machine: Machine,
): Promise<void> {
  const progress = showProgress(terminal, `The machine of lease ${id} is starting`);
  const giveUpAt = Date.now() + PATIENCE_MS;
  try {
    for (;;) {
      const { state } = await machine.ask({ name: 'status' });
      if (state === 'running') return;
      if (state === 'stopped' || Date.now() > giveUpAt) throw notUp(id, state);
      await delay(LOOK_EVERY_MS, undefined, { signal });
    }
  } finally {
    progress.stop();
  }
}

function notUp(id: number, state: string): CliError {
  return new CliError(
    'NOT_UP',
    `The machine of lease ${id} did not come up; it is ${state}. See what it says with: hamster console ${id}`,
    EXIT.unreachable,
  );
}
