import type { Lease } from '@hamster/chain-client';

/** Parts of a billed hour before the end at which a renter is told. */
const WARN_AT = [1, 1 / 6];

/** Tells once for each threshold that a lease comes to its end; anew when it was extended. */
export class Endings {
  readonly #told = new Map<number, { endsAt: number; threshold: number }>();

  /** The time left in ms if it is to be told now. */
  due(
    { id, endsAt }: Pick<Lease, 'id' | 'endsAt'>,
    { now, hourMs }: { readonly now: number; readonly hourMs: number },
  ): number | undefined {
    const left = endsAt - now;
    const threshold = WARN_AT.findLast((part) => left <= part * hourMs);
    if (threshold === undefined) return undefined;
    const before = this.#told.get(id);
    if (before?.endsAt === endsAt && before.threshold <= threshold) return undefined;
    this.#told.set(id, { endsAt, threshold });
    return Math.max(0, left);
  }

  /** Forgets leases that are not among these. */
  keepOnly(ids: ReadonlySet<number>): void {
    for (const id of this.#told.keys()) if (!ids.has(id)) this.#told.delete(id);
  }
}
