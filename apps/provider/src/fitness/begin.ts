import { sentenceOf, type Logger } from '@hamster/daemon';
import type { MachineDriver } from '@hamster/machines';
import { warmWishes } from '../warm-machines.ts';
import type { FitnessWatch } from './fitness-watch.ts';
import { hindrancesOf, requireFit } from './fitness.ts';

export interface Beginning {
  readonly watch: FitnessWatch;
  readonly driver: MachineDriver;
  /** What to boot ahead, as the settings write it. */
  readonly warm: readonly string[];
  /** Whether leases run on this machine, as the chain says. */
  readonly hasLeases: () => Promise<boolean>;
  readonly log: Pick<Logger, 'error'>;
}

/**
 * Looks whether this host is fit, and can boot ahead what it should, before anything is promised or served. Where something is amiss it
 * throws, unless leases run here: these are paid for, and are served whatever keeps further ones away.
 */
export async function beginFit(beginning: Beginning, signal: AbortSignal): Promise<void> {
  const { watch, driver, warm, hasLeases, log } = beginning;
  const found = await watch.look(signal);
  try {
    requireFit(found);
    await warmWishes(warm, driver);
  } catch (error) {
    if (!(await hasLeases())) throw error;
    const amiss = hindrancesOf(found).map(({ detail }) => detail);
    log.error(
      { amiss: amiss.length > 0 ? amiss : [sentenceOf(error)] },
      'this host is not fit; the leases that run on it are served',
    );
  }
}
