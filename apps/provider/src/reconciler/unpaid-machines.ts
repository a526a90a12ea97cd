import type { Work } from './work.ts';

/**
 * Machines that no lease pays for, as the newest block says. That block may yet be replaced by one in which they are paid for; what
 * they hold, once destroyed, does not come back.
 */
export class UnpaidMachines {
  readonly #onFound: (leaseId: string) => void;
  /** The newest block when it was first found so, by lease. */
  readonly #since = new Map<string, number>();

  /** @param onFound is told of each once, as soon as it is found. */
  constructor(onFound: (leaseId: string) => void) {
    this.#onFound = onFound;
  }

  /** Takes those found now; hands back the ones that were found before, in a block that is behind the last final one. */
  surely(found: readonly string[], { best, final }: Pick<Work, 'best' | 'final'>): string[] {
    for (const leaseId of this.#since.keys()) if (!found.includes(leaseId)) this.#since.delete(leaseId);
    for (const leaseId of found) {
      if (this.#since.has(leaseId)) continue;
      this.#since.set(leaseId, best);
      this.#onFound(leaseId);
    }
    return found.filter((leaseId) => (this.#since.get(leaseId) ?? Infinity) < final.number);
  }
}
