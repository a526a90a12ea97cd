import type { ChainClient, Lease } from '@hamster/chain-client';
import { isLive } from '@hamster/chain-client/market';
import { sentenceOf, type Logger } from '@hamster/daemon';
import type { Account } from '../cli/account.ts';
import { ham } from '../format/money.ts';
import { extensionFor, isDue, type Extension, type Moment } from './extension.ts';
import { totalOf, type Ledger, type OpenExtension } from './ledger.ts';
import type { ExtensionTerms } from './terms.ts';

type Chain = Pick<
  ChainClient,
  'resource' | 'balance' | 'fee' | 'nextNonce' | 'snapshot' | 'submit' | 'calls'
>;

export interface ExtenderOptions {
  readonly chain: Chain;
  readonly account: Account;
  readonly terms: ExtensionTerms;
  readonly ledger: Ledger;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  publish(event: string, data: unknown): void;
}

/** Each refusal by the chain costs a fee. */
const MOST_REFUSALS = 3;

const TOO_MUCH = 'what was sent for it before is more than is allowed now, and may yet come through';

/**
 * Lets leases last longer by itself, within what the renter allows. What was sent is repeated with the nonce that it had, until a block
 * has it: of two transactions with one nonce the chain does one, so nothing is paid twice, killed whenever.
 */
export class Extender {
  readonly #options: ExtenderOptions;
  /** What was told already, of the end that it was about. */
  readonly #told = new Map<number, { readonly endsAt: number; readonly why: Set<string> }>();
  readonly #refusals = new Map<number, { readonly endsAt: number; readonly times: number }>();

  constructor(options: ExtenderOptions) {
    this.#options = options;
  }

  /** Finds out what became of what was sent, also by the daemon that ran before. Throws when the chain cannot be read. */
  async settle(signal: AbortSignal): Promise<void> {
    const { chain, account, ledger } = this.#options;
    if (ledger.open().length === 0) return;
    // A block that may yet be replaced proves neither that it was done nor that it never will be.
    const state = await chain.snapshot({ signal }, 'finalized');
    const { nonce } = await state.balance(account.address, { signal });
    for (const open of ledger.open()) {
      const lease = await state.lease(open.lease, { signal });
      const isSame = lease?.endsAt === open.endsAt;
      if (isSame && (nonce > open.nonce || !isLive(lease))) await ledger.undone(open);
      else if (nonce > open.nonce) await this.#done(open);
    }
  }

  /** Extends the lease if its end is near; whether it did. Never throws: what did not work is told, and tried again. */
  async consider(lease: Lease, moment: Moment, signal: AbortSignal): Promise<boolean> {
    if (!isDue(lease, moment) || this.#isGivenUp(lease)) return false;
    try {
      const open = this.#options.ledger.open().find(({ lease: id }) => id === lease.id);
      return await (open ? this.#repeat(lease, open, moment, signal) : this.#begin(lease, moment, signal));
    } catch (error) {
      if (signal.aborted) return false;
      this.#count(lease, error);
      this.#tell(lease, `could not be extended: ${sentenceOf(error)}`);
      return false;
    }
  }

  async #begin(lease: Lease, moment: Moment, signal: AbortSignal, unused?: number): Promise<boolean> {
    const { chain, account, ledger } = this.#options;
    const found = await this.#extension(lease, moment, ledger.spent(), signal);
    if (found.kind !== 'extend') return this.#refuse(lease, found);
    const nonce = unused ?? (await chain.nextNonce(account.address, { signal }));
    const { hours, perHour } = found;
    const open = { lease: lease.id, endsAt: lease.endsAt, hours, perHour: perHour.toString(), nonce };
    await ledger.begin(open);
    return this.#send(open, signal);
  }

  /** Somebody extended it, or it was refused, or never came through: sent again, if at all, with the nonce that is not used. */
  async #repeat(lease: Lease, open: OpenExtension, moment: Moment, signal: AbortSignal): Promise<boolean> {
    const { chain, account, ledger } = this.#options;
    const { nonce } = await chain.balance(account.address, { signal });
    const isUsed = nonce > open.nonce;
    if (lease.endsAt !== open.endsAt) {
      await (isUsed ? ledger.done(open) : ledger.undone(open));
      return this.#begin(lease, moment, signal, isUsed ? undefined : open.nonce);
    }
    // Refused, as far as the newest block tells; a final one will.
    if (isUsed) return false;
    const found = await this.#extension(lease, moment, ledger.spent() - totalOf(open), signal);
    if (found.kind !== 'extend') return this.#refuse(lease, found);
    if (found.hours < open.hours || found.perHour > BigInt(open.perHour))
      return this.#refuse(lease, { kind: 'refused', why: TOO_MUCH });
    return this.#send(open, signal).catch((error: unknown) => {
      // The node has the one that was sent before, and a block will.
      if (error instanceof Error && 'code' in error && error.code === 'NONCE_TAKEN') return false;
      throw error;
    });
  }

  async #extension(lease: Lease, moment: Moment, spent: bigint, signal: AbortSignal): Promise<Extension> {
    const { chain, account, terms } = this.#options;
    const { address } = account;
    const call = chain.calls.resourceOrder.extendLease(lease.id, terms.hours, lease.pricePerHour);
    const [resource, { transferable }, fee] = await Promise.all([
      chain.resource(lease.resource, { signal }),
      chain.balance(address, { signal }),
      chain.fee(call, address, { signal }),
    ]);
    const funds = transferable > fee ? transferable - fee : 0n;
    return extensionFor({ lease, resource, terms, spent, funds, ...moment });
  }

  async #send(open: OpenExtension, signal: AbortSignal): Promise<true> {
    const { chain, account } = this.#options;
    const { lease, hours, perHour, nonce } = open;
    const call = chain.calls.resourceOrder.extendLease(lease, hours, BigInt(perHour));
    const { events } = await chain.submit(call, await account.unlock(), { signal, nonce });
    const { endsAt } = events.get('resourceOrder.LeaseExtended');
    this.#options.log.info({ lease, hours }, `extended for ${ham(totalOf(open))}`);
    this.#options.publish('lease-extended', { lease, hours, total: totalOf(open).toString(), endsAt });
    return true;
  }

  async #done(open: OpenExtension): Promise<void> {
    await this.#options.ledger.done(open);
    this.#refusals.delete(open.lease);
  }

  /** A call that a block has and the chain refused has cost its fee. */
  #count({ id, endsAt }: Lease, error: unknown): void {
    if (!(error instanceof Error && error.name === 'DispatchFailed')) return;
    const before = this.#refusals.get(id);
    this.#refusals.set(id, { endsAt, times: before?.endsAt === endsAt ? before.times + 1 : 1 });
  }

  #isGivenUp({ id, endsAt }: Lease): boolean {
    const found = this.#refusals.get(id);
    return found?.endsAt === endsAt && found.times >= MOST_REFUSALS;
  }

  #refuse(lease: Lease, found: Extension): false {
    if (found.kind === 'refused' && this.#tell(lease, `is not extended: ${found.why}`))
      this.#options.publish('lease-not-extended', { lease: lease.id, why: found.why });
    return false;
  }

  /** Once for each end; false when it was told before. */
  #tell({ id, endsAt }: Lease, text: string): boolean {
    const before = this.#told.get(id);
    const told = before?.endsAt === endsAt ? before : { endsAt, why: new Set<string>() };
    this.#told.set(id, told);
    if (told.why.has(text)) return false;
    told.why.add(text);
    this.#options.log.warn({ lease: id }, text);
    return true;
  }
}
