import { delay, sentenceOf, type Logger } from '@hamster/daemon';
import type { GatewayChain, GatewayEntry } from '../chain/gateway-chain.ts';
import type { Pulse } from '../pulse.ts';
import { planStep, type Step } from './plan-step.ts';

export interface RegistrationModules {
  readonly chain: GatewayChain;
  /** What should stand on chain; the stake follows the chain's rules unless the operator said. */
  readonly entry: Omit<GatewayEntry, 'stake'> & { readonly stake: bigint | undefined };
  readonly log: Logger;
  /** Told of what was done, and of looks that failed. */
  readonly pulse?: Pick<Pulse, 'step' | 'failure'>;
}

/** A drop costs a part of the stake; with twice the minimum a gateway outlives some of them. */
export const STAKE_FACTOR = 2n;
/** After a failure the next look comes sooner: two missed beats cost nothing, more may. */
const RETRY_FRACTION = 4;
/** Until the chain has told its own. */
const FIRST_INTERVAL_MS = 20_000;

/** Registers, and tells the chain again and again that this gateway is there. Ends when the signal aborts. */
export async function stayRegistered(modules: RegistrationModules, signal: AbortSignal): Promise<void> {
  let interval = FIRST_INTERVAL_MS;
  while (!signal.aborted) {
    let waitMs: number;
    try {
      interval = waitMs = await look(modules, signal);
    } catch (error) {
      waitMs = Math.ceil(interval / RETRY_FRACTION);
      if (!signal.aborted) {
        modules.pulse?.failure();
        modules.log.warn({ reason: sentenceOf(error) }, 'not on chain as it should be; trying again');
      }
    }
    await delay(waitMs, signal).catch(() => undefined);
  }
}

/** One look at the chain and what is due after it; the time until the next one, in ms. */
async function look({ chain, entry, log, pulse }: RegistrationModules, signal: AbortSignal): Promise<number> {
  const { minStake, heartbeatInterval } = await chain.rules(signal);
  const wanted = { ...entry, stake: entry.stake ?? minStake * STAKE_FACTOR };
  const step = planStep(wanted, await chain.registered(signal));
  await carryOut(chain, step, wanted, signal);
  pulse?.step(step);
  if (step === 'heartbeat') log.debug({}, 'heartbeat');
  else log.info({ step, addresses: wanted.multiaddrs }, 'brought the entry on chain up to date');
  return heartbeatInterval;
}

/** Sends the one transaction. */
export async function carryOut(
  chain: GatewayChain,
  step: Step,
  entry: GatewayEntry,
  signal: AbortSignal,
): Promise<void> {
  switch (step) {
    case 'register':
      return chain.register(entry, signal);
    case 'updateEndpoint':
      return chain.updateEndpoint(entry, signal);
    case 'goOnline':
      return chain.goOnline(signal);
    case 'reset':
      return chain.reset(signal);
    case 'heartbeat':
      return chain.heartbeat(signal);
  }
}

/** A chain that is away now is not waited for, or the host would not stop in time. */
const LOOK_BEFORE_LEAVING_MS = 3_000;
const LEAVE_MS = 20_000;

/** For a stop that is meant: clients stop choosing this gateway, and it is not dropped for its silence. */
export async function leave({ chain, log }: RegistrationModules): Promise<void> {
  const now = await chain.registered(AbortSignal.timeout(LOOK_BEFORE_LEAVING_MS));
  if (now?.status !== 'Online') return;
  await chain.goOffline(AbortSignal.timeout(LEAVE_MS));
  log.info({}, 'offline on chain; the stake unbonds, and comes back with the next start');
}
