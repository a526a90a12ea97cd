import { Counter, Gauge, type Registry } from '@hamster/daemon-api';
import type { ApiModules } from './modules.ts';

const PLANCK_PER_HAM = 1e12;
const READ_MS = 3_000;

/** What Prometheus is told of this gateway. Values are read when it asks. */
export function addGatewayMetrics(registry: Registry, modules: ApiModules): void {
  addRelay(registry, modules);
  addReasons(registry, modules);
  addChain(registry, modules);
}

function addRelay(registry: Registry, { host: { libp2p, relay } }: ApiModules): void {
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name: `hamster_gateway_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(value());
      },
    });
  gauge('connections', 'Connections of peers', () => libp2p.getConnections().length);
  gauge('reservations', 'Providers that are reached through this gateway', () => relay.reservations().length);
  gauge('circuits', 'Relayed connections', () => relay.circuits());
  gauge('lanes', 'Relayed connections that are lanes', () => relay.lanes());
  gauge('buffered_bytes', 'Bytes that wait in memory for slow readers', () => relay.bufferedBytes());
  totals(registry, 'relayed_bytes_total', 'Bytes relayed, both directions', () => relay.relayedBytes());
}

function addReasons(registry: Registry, { host }: ApiModules): void {
  const { relay } = host;
  byReason(registry, 'refused_total', 'Requests turned away, by reason', () => ({
    ...relay.refusals(),
    'too-many-connections': host.refusedConnections(),
  }));
  byReason(registry, 'cut_circuits_total', 'Relayed connections ended by the gateway, by reason', relay.cuts);
}

function addChain(registry: Registry, { chain, pulse }: ApiModules): void {
  totals(registry, 'heartbeats_total', 'Heartbeats that the chain has taken', () => pulse.state().heartbeats);
  new Gauge({
    name: 'hamster_gateway_last_heartbeat_timestamp_seconds',
    help: 'When the chain took the last heartbeat of this daemon; its start before the first one',
    registers: [registry],
    collect() {
      const { lastHeartbeatAt, startedAt } = pulse.state();
      this.set((lastHeartbeatAt ?? startedAt) / 1000);
    },
  });
  totals(registry, 'chain_failures_total', 'Looks at the chain that failed', () => pulse.state().failures);
  totals(registry, 'rewards_claimed_ham_total', 'Rewards claimed, HAM', () => inHam(pulse.state().claimed));
  new Gauge({
    name: 'hamster_gateway_rewards_claimable_ham',
    help: 'Rewards of eras that have ended, HAM; absent while the chain cannot be asked',
    registers: [registry],
    async collect() {
      const rewards = await chain.rewards(AbortSignal.timeout(READ_MS)).catch(() => undefined);
      this.reset();
      if (rewards) this.set(inHam(rewards.claimable));
      else this.remove();
    },
  });
}

function totals(registry: Registry, name: string, help: string, value: () => number): void {
  new Counter({
    name: `hamster_gateway_${name}`,
    help,
    registers: [registry],
    collect() {
      this.reset();
      this.inc(value());
    },
  });
}

function byReason(
  registry: Registry,
  name: string,
  help: string,
  counts: () => Readonly<Record<string, number>>,
): void {
  new Counter({
    name: `hamster_gateway_${name}`,
    help,
    labelNames: ['reason'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [reason, count] of Object.entries(counts())) this.inc({ reason }, count);
    },
  });
}

/** For graphs only: rounded. */
function inHam(planck: bigint): number {
  return Number(planck) / PLANCK_PER_HAM;
}
