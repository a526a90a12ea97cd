import { DaemonError } from '@hamster/daemon';
import type { GatewayChain, GatewayEntry } from '../chain/gateway-chain.ts';
import { ham } from '../ham.ts';
import { planStep } from '../registration/plan-step.ts';
import { carryOut, STAKE_FACTOR } from '../registration/stay-registered.ts';
import { moment } from './moment.ts';

/** What a command does on chain; hands back what happened, one sentence a line. Throws what the chain refused. */
export type Action = (chain: GatewayChain, signal: AbortSignal) => Promise<string[]>;

export const claim: Action = async (chain, signal) => {
  const amount = await chain.claim(signal);
  const { transferable } = await chain.money(signal);
  return [`Claimed ${ham(amount)}; the account now has ${ham(transferable)} to spend.`];
};

/** The entry has no stake yet where the operator named none. */
export function register(
  entry: Omit<GatewayEntry, 'stake'> & { readonly stake: bigint | undefined },
): Action {
  return async (chain, signal) => {
    const { minStake } = await chain.rules(signal);
    const wanted = { ...entry, stake: entry.stake ?? minStake * STAKE_FACTOR };
    const step = planStep(wanted, await chain.registered(signal));
    if (step === 'heartbeat') return ['The gateway is registered and online already. Nothing was changed.'];
    if (step === 'reset') return reset(chain, signal);
    await carryOut(chain, step, wanted, signal);
    const now = await chain.registered(signal);
    const did = { register: 'Registered', goOnline: 'Online again', updateEndpoint: 'Changed the addresses' }[
      step
    ];
    return [
      `${did}: peer ${now?.peerId ?? wanted.peerId}, stake ${ham(now?.stake ?? 0n)}.`,
      'From now on it has to send heartbeats: start hamster-gateway, or it is dropped and loses a part of its stake.',
    ];
  };
}

export const offline: Action = async (chain, signal) => {
  await chain.goOffline(signal);
  return [
    'The gateway is offline; clients and providers see it no more.',
    ...unbondingLines(await chain.unbonding(signal)),
    'A hamster-gateway that runs with this account would bring it online again.',
  ];
};

export const reset: Action = async (chain, signal) => {
  const before = await chain.registered(signal);
  if (before?.status === 'Dropped') await requireCooledDown(chain, before.droppedAt ?? 0, signal);
  await chain.reset(signal);
  const now = await chain.registered(signal);
  if (now) return [`The gateway is online again with a stake of ${ham(now.stake)}.`];
  return [
    'The stake that the drop had left was too little for a gateway, so it was removed.',
    ...unbondingLines(await chain.unbonding(signal)),
    'Register again with more: hamster-gateway register --stake <HAM>.',
  ];
};

export const withdraw: Action = async (chain, signal) => {
  const amount = await chain.withdraw(signal);
  if (amount !== undefined) return [`${ham(amount)} of stake is free money again.`];
  return [
    'Nothing was left of the stake; the gateway was removed.',
    'Register again: hamster-gateway register --stake <HAM>.',
  ];
};

async function requireCooledDown(chain: GatewayChain, droppedAt: number, signal: AbortSignal): Promise<void> {
  const { coolDown } = await chain.rules(signal);
  if ((await chain.time(signal)) >= droppedAt + coolDown) return;
  throw new DaemonError(
    'COOLING_DOWN',
    `The gateway was dropped at ${moment(droppedAt)} and may come back at ${moment(droppedAt + coolDown)}. Try again then.`,
  );
}

function unbondingLines(unbonding: { amount: bigint; unlockAt: number } | undefined): string[] {
  if (!unbonding) return [];
  const { amount, unlockAt } = unbonding;
  return [`${ham(amount)} of stake unbonds until ${moment(unlockAt)}; then: hamster-gateway withdraw.`];
}
