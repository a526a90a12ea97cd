import type { GatewayChain, GatewayRules, RegisteredGateway } from '../chain/gateway-chain.ts';
import { ham } from '../ham.ts';
import { moment } from './moment.ts';

/** How the gateway stands on chain, for a person. */
export async function statusLines(
  chain: GatewayChain,
  address: string,
  signal: AbortSignal,
): Promise<string[]> {
  const [gateway, unbonding, rewards, money, rules, now] = await Promise.all([
    chain.registered(signal),
    chain.unbonding(signal),
    chain.rewards(signal),
    chain.money(signal),
    chain.rules(signal),
    chain.time(signal),
  ]);
  const rows: [string, string][] = [
    ['account', address],
    ['money', `${ham(money.transferable)} to spend, ${ham(money.held)} held`],
    ...(gateway
      ? entryRows(gateway, { ...rules, unbonds: unbonding !== undefined }, now)
      : ([['status', 'not registered']] as [string, string][])),
    ['least stake', ham(rules.minStake)],
  ];
  if (unbonding) rows.push(['unbonding', `${ham(unbonding.amount)} until ${moment(unbonding.unlockAt)}`]);
  rows.push(['rewards', `${ham(rewards.claimable)} to claim${nextOf(rewards.nextAt)}`]);
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
}

type Standing = Pick<GatewayRules, 'minStake' | 'coolDown'> & { readonly unbonds: boolean };

function entryRows(gateway: RegisteredGateway, standing: Standing, now: number): [string, string][] {
  const seconds = Math.max(0, Math.round((now - gateway.lastHeartbeat) / 1000));
  return [
    ['status', statusOf(gateway, standing)],
    ['peer', gateway.peerId],
    ...gateway.multiaddrs.map((address): [string, string] => ['address', address]),
    ['region', gateway.region],
    ['stake', ham(gateway.stake)],
    ['last heartbeat', `${seconds} s ago`],
  ];
}

function statusOf(
  { status, droppedAt, stake }: RegisteredGateway,
  { minStake, coolDown, unbonds }: Standing,
): string {
  if (status === 'Online') return 'online';
  // It has nothing to come back with: its only way is out.
  if (status === 'Offline' && !unbonds && stake < minStake)
    return `offline, and nothing is left of its stake; from ${moment((droppedAt ?? 0) + coolDown)} on: hamster-gateway withdraw`;
  if (status === 'Offline') return 'offline; start hamster-gateway, or: hamster-gateway register';
  return `dropped for its silence at ${moment(droppedAt ?? 0)}; may come back at ${moment((droppedAt ?? 0) + coolDown)}: hamster-gateway reset`;
}

function nextOf(nextAt: number | undefined): string {
  return nextAt === undefined ? '' : `; the running era ends at ${moment(nextAt)}`;
}
