import type { Logger } from '@hamster/daemon';
import type { Work } from '../reconciler/work.ts';

/** So many blocks wait to become final only where something is wrong: minutes' worth. */
export const SLOW_FINALITY = 100;

/** Says once when blocks are no longer made final: until they are, no machine whose lease ended is destroyed. */
export class FinalityWatch {
  readonly #log: Pick<Logger, 'warn' | 'info'>;
  #told = false;

  constructor(log: Pick<Logger, 'warn' | 'info'>) {
    this.#log = log;
  }

  saw({ best, final }: Pick<Work, 'best' | 'final'>): void {
    const waiting = best - final.number;
    if (!this.#told && waiting > SLOW_FINALITY) {
      this.#told = true;
      this.#log.warn(
        { best, final: final.number },
        `the last ${waiting} blocks are not final: a machine whose lease ended in them keeps its memory and disk until they are. Ask who runs the chain`,
      );
    } else if (this.#told && waiting <= SLOW_FINALITY / 2) {
      this.#told = false;
      this.#log.info({ best, final: final.number }, 'blocks become final again');
    }
  }
}
