import type { ChainClient } from '@hamster/chain-client';
import { DaemonError, sentenceOf, type KeyringPair, type Logger } from '@hamster/daemon';
import type { MachineDriver } from '@hamster/machines';
import { registrar } from '../chain/registrar.ts';
import type { Config } from '../config.ts';
import { offeringOf, wantedStake } from '../offering.ts';
import type { LastWords } from '../operator/last-words.ts';
import { refuseSilentReturn, type Departure } from './departure.ts';
import { availabilityStep, type Offering, type Registered } from './plan-registration.ts';
import type { OfferTurns } from './offer-turns.ts';
import { register } from './register.ts';

export interface Newcomer {
  readonly config: Config;
  readonly client: ChainClient;
  readonly account: KeyringPair;
  readonly peerId: string;
  readonly driver: MachineDriver;
  readonly words: LastWords;
  readonly departure: Departure;
  /** Why no machine can be made here at present. */
  readonly fitness: { readonly obstacle: DaemonError | undefined };
  readonly turns: OfferTurns;
  readonly log: Logger;
}

/** Makes the chain say what this machine offers; hands back the number of its entry. Throws DaemonError LEFT_MARKET. */
export function bringToMarket(newcomer: Newcomer, signal: AbortSignal): Promise<number> {
  return newcomer.turns.take(() => enter(newcomer, signal), signal);
}

async function enter(newcomer: Newcomer, signal: AbortSignal): Promise<number> {
  const { config, client, account, peerId, departure } = newcomer;
  const chain = registrar(client, account);
  const leftAt = await departure.read();
  const before = await chain.registered(peerId, signal);
  refuseSilentReturn(leftAt, before, config.rejoin);
  await bringUpToDate(newcomer, before, signal);
  const { resource } = await chain.registered(peerId, signal);
  if (resource === undefined)
    throw new DaemonError('NOT_REGISTERED', 'The chain took the registration but has no such machine.');
  if (leftAt !== undefined) await departure.forget();
  return resource.id;
}

/** Makes the entry that is there fit what this host can do now. */
export function refreshOffer(newcomer: Newcomer, signal: AbortSignal): Promise<void> {
  const { client, account, peerId, turns } = newcomer;
  return turns.take(async () => {
    const registered = await registrar(client, account).registered(peerId, signal);
    if (registered.resource !== undefined) await bringUpToDate(newcomer, registered, signal);
  }, signal);
}

async function bringUpToDate(newcomer: Newcomer, before: Registered, signal: AbortSignal): Promise<void> {
  const { config, client, account, words, fitness, log } = newcomer;
  const offering = await offeringNow(newcomer, before);
  const { provider } = await client.parameters();
  const stake = wantedStake(config, offering.capacity, provider);
  const standing = { isFit: fitness.obstacle === undefined, ...words.unsent() };
  await register({ registrar: registrar(client, account), offering, stake, standing, log }, signal);
  // On a full disk it stands there for one more start.
  await words
    .settle()
    .catch((error: unknown) => log.warn({ reason: sentenceOf(error) }, 'could not write the offer'));
}

/** Moves the end of the offer on, when that is worth a fee: a daemon may run for longer than one offer stands. */
export function extendOffer(newcomer: Newcomer, signal: AbortSignal): Promise<void> {
  return newcomer.turns.take(() => extend(newcomer, signal), signal);
}

async function extend(newcomer: Newcomer, signal: AbortSignal): Promise<void> {
  const { client, account, peerId, log } = newcomer;
  const chain = registrar(client, account);
  const registered = await chain.registered(peerId, signal);
  const offering = await offeringNow(newcomer, registered);
  const step = registered.resource && availabilityStep(offering, registered.resource);
  if (step === undefined) return;
  log.info({ until: new Date(offering.availableUntil).toISOString() }, 'moving the end of the offer on');
  await chain.carryOut(step, signal);
}

async function offeringNow(
  { config, client, peerId, driver, words, log }: Newcomer,
  { resource }: Registered,
): Promise<Offering> {
  const chainTime = await client.now();
  const at = { peerId, chainTime, words: words.current(), listed: resource, log };
  return offeringOf(config, driver, at);
}
