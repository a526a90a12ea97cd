import { isDeepStrictEqual } from 'node:util';
import type { ChainClient, Lease } from '@hamster/chain-client';
import { isLive } from '@hamster/chain-client/market';
import { sentenceOf, type Logger } from '@hamster/daemon';
import type { Account } from '../cli/account.ts';
import { ham } from '../format/money.ts';
import { extensionFor, isDue, type Extension, type Moment } from './extension.ts';
import { mostOf, totalOf, type Ledger, type OpenExtension } from './ledger.ts';
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

/**
 * Lets leases last longer by itself, within what the renter allows. What was sent is repeated with the nonce that it had, until a block
 * has it: of two transactions with one nonce the chain does one, so nothing is paid twice, killed whenever. What is allowed may have
 * changed meanwhile: then it is sent so, and the dearer of the two counts until it is known which one it is.
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
    const { resourceOrder } = await state.parameters({ signal });
    for (const open of ledger.open()) {
      const lease = await state.lease(open.lease, { signal });
      const isUsed = nonce > open.nonce;
      const isOver = lease !== undefined && !isLive(lease);
      if (isUsed ? lease?.endsAt === open.endsAt : isOver) await ledger.undone(open);
      else if (isUsed)
        await this.#done(
          open,
          lease && !isOver ? (lease.endsAt - open.endsAt) / resourceOrder.hour : undefined,
        );
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

  async #begin(lease: Lease, moment: Moment, signal: AbortSignal): Promise<boolean> {
    const { chain, account, ledger } = this.#options;
    const found = await this.#extension(lease, moment, ledger.spent(), signal);
    if (found.kind !== 'extend') return this.#refuse(lease, found);
    const nonce = await chain.nextNonce(account.address, { signal });
    const { hours, perHour } = found;
    const open = { lease: lease.id, endsAt: lease.endsAt, hours, perHour: perHour.toString(), nonce };
    await ledger.begin(open);
    return this.#send(open, signal);
  }

  /** It was refused, or never came through: sent again, if at all, with the nonce that is not used, on the terms of now. */
  async #repeat(lease: Lease, open: OpenExtension, moment: Moment, signal: AbortSignal): Promise<boolean> {
    const { chain, account, ledger } = this.#options;
    const { nonce } = await chain.balance(account.address, { signal });
    const isUsed = nonce > open.nonce;
    if (isUsed && lease.endsAt !== open.endsAt) {
      await ledger.done(open);
      return this.#begin(lease, moment, signal);
    }
    // Refused, as far as the newest block tells; a final one will.
    if (isUsed) return false;
    const found = await this.#extension(lease, moment, ledger.spent() - mostOf(open), signal);
    if (found.kind !== 'extend') return this.#refuse(lease, found);
    const renewed = { ...open, endsAt: lease.endsAt, hours: found.hours, perHour: found.perHour.toString() };
    if (!isDeepStrictEqual(renewed, open)) await ledger.begin(renewed);
    return this.#send(renewed, signal).catch((error: unknown) => {
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

  async #done(open: OpenExtension, hours: number | undefined): Promise<void> {
    await this.#options.ledger.done(open, hours);
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
