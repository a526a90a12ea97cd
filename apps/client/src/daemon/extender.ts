import type { ChainClient, Lease } from '@hamster/chain-client';
import { sentenceOf, type Logger } from '@hamster/daemon';
import type { Account } from '../cli/account.ts';
import { ham } from '../format/money.ts';
import { extensionFor } from './extension.ts';
import type { Ledger } from './ledger.ts';
import type { ExtensionTerms } from './terms.ts';

export interface ExtenderOptions {
  readonly chain: Pick<ChainClient, 'resource' | 'submit' | 'calls'>;
  readonly account: Account;
  readonly terms: ExtensionTerms;
  readonly ledger: Ledger;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  publish(event: string, data: unknown): void;
}

/** Lets leases last longer by itself, within what the renter allows. */
export class Extender {
  readonly #options: ExtenderOptions;
  /** Ends for which a refusal was told already. */
  readonly #told = new Map<number, number>();

  constructor(options: ExtenderOptions) {
    this.#options = options;
  }

  /** Extends the lease if its end is near. Never throws: what did not work is told, and tried again. */
  async consider(lease: Lease, moment: { now: number; hourMs: number }, signal: AbortSignal): Promise<void> {
    const { chain, terms, ledger, log } = this.#options;
    try {
      const resource = await chain.resource(lease.resource);
      const found = extensionFor({ lease, resource, terms, spent: ledger.spent(), ...moment });
      if (found.kind === 'refused') this.#tell(lease, found.why);
      if (found.kind === 'extend') await this.#extend(lease, found, signal);
    } catch (error) {
      if (!signal.aborted) log.warn({ lease: lease.id }, `could not be extended: ${sentenceOf(error)}`);
    }
  }

  async #extend(
    { id }: Lease,
    { hours, perHour, total }: { hours: number; perHour: bigint; total: bigint },
    signal: AbortSignal,
  ): Promise<void> {
    const { chain, account, ledger, log, publish } = this.#options;
    const pair = await account.unlock();
    await ledger.add(total);
    try {
      const call = chain.calls.resourceOrder.extendLease(id, hours, perHour);
      const { events } = await chain.submit(call, pair, { signal });
      const { endsAt } = events.get('resourceOrder.LeaseExtended');
      log.info({ lease: id, hours }, `extended for ${ham(total)}`);
      publish('lease-extended', { lease: id, hours, total: total.toString(), endsAt });
    } catch (error) {
      if (isRefusal(error)) await ledger.takeBack(total);
      throw error;
    }
  }

  #tell({ id, endsAt }: Lease, why: string): void {
    if (this.#told.get(id) === endsAt) return;
    this.#told.set(id, endsAt);
    this.#options.log.warn({ lease: id }, `is not extended: ${why}`);
    this.#options.publish('lease-not-extended', { lease: id, why });
  }
}

/** Nothing was spent for certain; a transaction whose outcome is unknown counts as spent. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && ['DispatchFailed', 'TransactionRejected'].includes(error.name);
}
