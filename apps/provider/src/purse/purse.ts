import type { Call, Calls, Outcome } from '@hamster/chain-client';
import { DaemonError } from '@hamster/daemon';
import { hamOf } from '../ham.ts';
import type { MarketView } from '../market/market-view.ts';
import { timeText } from '../wording.ts';
import type { OfferTurns } from '../registration/offer-turns.ts';
import { inTheWay } from './in-the-way.ts';

export interface PurseModules {
  readonly calls: Calls;
  /** Reads the market anew. */
  readonly market: (signal: AbortSignal) => Promise<MarketView>;
  /** Sends a call and waits until it is done. */
  readonly submit: (call: Call, signal: AbortSignal) => Promise<Outcome>;
  /** Planck that a call costs on top of what it pays. */
  readonly fee: (call: Call, signal: AbortSignal) => Promise<bigint>;
  /** Lets no further order come. */
  readonly drain: (signal: AbortSignal) => Promise<readonly string[]>;
  /** Keeps in mind that the operator wants this machine off the market, from that chain time on. */
  readonly noteLeaving: (at: number) => Promise<void>;
  /** Planck that the offer as it stands should have at stake. */
  readonly wantedStake: (market: MarketView) => bigint;
  readonly turns: OfferTurns;
}

/** How far the way out of the market has come. */
export interface Leaving {
  /** Nothing stands in the way any more: the machine is off the market. */
  readonly left: boolean;
  readonly effects: readonly string[];
}

export interface PayOut {
  /** SS58. */
  readonly to: string;
  /** Planck; all that is there beyond what is kept, unless given. */
  readonly amount?: bigint | undefined;
  /** Planck that stay for fees. */
  readonly keep: bigint;
}

/** The operator's own money: out of the market, out of the stake, out of this account. */
export class Purse {
  readonly #modules: PurseModules;

  constructor(modules: PurseModules) {
    this.#modules = modules;
  }

  /**
   * Takes the machine off the market, and its stake out of service. While leases or orders are there it only drains, and is to be
   * asked again: leaving never costs a renter anything. Safe to repeat. Throws what the chain says.
   */
  async leave(signal: AbortSignal): Promise<Leaving> {
    const { market, drain, turns } = this.#modules;
    const tried = await turns.take(async () => this.#leaveUnless(await market(signal), signal), signal);
    if (tried.left) return tried;
    const drained = tried.isDraining ? [] : await drain(signal);
    return { left: false, effects: [...drained, ...tried.effects] };
  }

  async #leaveUnless(
    market: MarketView,
    signal: AbortSignal,
  ): Promise<Leaving & { readonly isDraining?: boolean }> {
    const { calls, submit, noteLeaving } = this.#modules;
    const { resource } = market;
    const obstacles = inTheWay(market);
    if (resource !== undefined && obstacles.length > 0)
      return { left: false, effects: obstacles, isDraining: resource.status === 'Draining' };
    const stake = market.otherMachines > 0 ? 0n : market.stake.active;
    const steps = [
      ...(resource === undefined ? [] : [calls.provider.removeResource(resource.id)]),
      ...(stake > 0n ? [calls.provider.unstake(stake)] : []),
    ];
    const [first] = steps;
    // Before it is done: a crash in between must not let the next start bring the machine back.
    if (resource !== undefined) await noteLeaving(market.chainTime);
    if (first !== undefined) await submit(steps.length === 1 ? first : calls.batchAll(steps), signal);
    return { left: true, effects: leftEffects(market, stake) };
  }

  /** Takes stake out of service: `amount`, else all that the offer does not need. Throws DaemonError, or what the chain says. */
  unstake(amount: bigint | undefined, signal: AbortSignal): Promise<string[]> {
    return this.#modules.turns.take(() => this.#unstake(amount, signal), signal);
  }

  async #unstake(amount: bigint | undefined, signal: AbortSignal): Promise<string[]> {
    const market = await this.#modules.market(signal);
    const spare = this.#spareStake(market);
    const wanted = amount ?? spare;
    if (wanted <= 0n) throw nothingSpare(market);
    if (wanted > spare) throw tooMuch(wanted, spare);
    await this.#modules.submit(this.#modules.calls.provider.unstake(wanted), signal);
    return [unbondingText(wanted, market)];
  }

  /** Gets back what has unbonded. Throws DaemonError STILL_UNBONDING, or what the chain says. */
  async withdraw(signal: AbortSignal): Promise<string[]> {
    const { calls, submit } = this.#modules;
    const { stake, chainTime } = await this.#modules.market(signal);
    if (!stake.unbonding.some(({ unlockAt }) => unlockAt <= chainTime)) throw notYet(stake.unbonding);
    const { events } = await submit(calls.provider.withdrawUnbonded(), signal);
    return [`${hamOf(events.get('provider.Withdrawn').amount)} HAM of stake are free money again.`];
  }

  /** Sends money away. Throws DaemonError ADDRESS_INVALID or NOT_ENOUGH, or what the chain says. */
  async payOut({ to, amount, keep }: PayOut, signal: AbortSignal): Promise<string[]> {
    const { fee, submit, market } = this.#modules;
    const { transferable } = (await market(signal)).balance;
    const most = transferable - keep - (await fee(this.#transfer(to, transferable), signal));
    const sent = amount ?? most;
    if (sent <= 0n || sent > most) throw notEnough(transferable, keep, most);
    await submit(this.#transfer(to, sent), signal);
    return [`${hamOf(sent)} HAM were sent to ${to}.`];
  }

  #transfer(to: string, amount: bigint): Call {
    try {
      return this.#modules.calls.transfer(to, amount);
    } catch (cause) {
      throw new DaemonError('ADDRESS_INVALID', `"${to}" is no address of an account. Nothing was sent.`, {
        cause,
      });
    }
  }

  /** Where several machines share the stake, only their operator knows what they need. */
  #spareStake(market: MarketView): bigint {
    const { resource, stake, otherMachines } = market;
    if (otherMachines > 0) return stake.active;
    return stake.active - (resource === undefined ? 0n : this.#modules.wantedStake(market));
  }
}

function leftEffects(market: MarketView, stake: bigint): string[] {
  const { resource, otherMachines } = market;
  const shared =
    'Other machines of this account need the stake, so it stays; hamster-provider unstake takes out a part.';
  return [
    resource === undefined
      ? 'This machine is not in the market.'
      : `Machine ${resource.id} is off the market, for good.`,
    ...(stake > 0n ? [unbondingText(stake, market)] : []),
    ...(otherMachines > 0 ? [shared] : []),
    'A start of the daemon would bring the machine back, and stake for it again: stop it now, and do not start it.',
  ];
}

function unbondingText(amount: bigint, { chainTime, rules }: MarketView): string {
  const unlockAt = chainTime + rules.provider.unbonding;
  return `${hamOf(amount)} HAM of stake unbond until ${timeText(unlockAt)}; then: hamster-provider withdraw`;
}

function nothingSpare({ stake, resource }: MarketView): DaemonError {
  const why =
    stake.active === 0n || resource === undefined
      ? 'No stake is in service.'
      : `The offer needs all of the ${hamOf(stake.active)} HAM at stake. Offer less, set a lower --stake, or leave the market: hamster-provider leave`;
  return new DaemonError('NOTHING_TO_UNSTAKE', why);
}

function tooMuch(wanted: bigint, spare: bigint): DaemonError {
  return new DaemonError(
    'STAKE_NEEDED',
    `${hamOf(wanted)} HAM are more than the ${hamOf(spare > 0n ? spare : 0n)} HAM that the offer does not need; the next start would put the rest back. ` +
      'Offer less, set a lower --stake, or leave the market: hamster-provider leave',
  );
}

function notYet(unbonding: MarketView['stake']['unbonding']): DaemonError {
  const [next] = unbonding.map(({ unlockAt }) => unlockAt).sort((one, other) => one - other);
  return new DaemonError(
    'STILL_UNBONDING',
    next === undefined
      ? 'No stake unbonds. Take some out of service first: hamster-provider unstake, or leave'
      : `No stake has unbonded yet; the first does at ${timeText(next)}. Try again then.`,
  );
}

function notEnough(transferable: bigint, keep: bigint, most: bigint): DaemonError {
  return new DaemonError(
    'NOT_ENOUGH',
    `The account has ${hamOf(transferable)} HAM to spend, of which ${hamOf(keep)} HAM stay for fees (--payout-keep): ` +
      `at most ${hamOf(most > 0n ? most : 0n)} HAM can be sent. Nothing was sent.`,
  );
}
