import type { MachineSpec } from '@hamster/chain-client';
import { freeOf } from '@hamster/chain-client/market';
import { Counter, Gauge, type Registry } from '@hamster/daemon-api';
import { incomeOf } from '../market/income.ts';
import type { MarketView } from '../market/market-view.ts';
import type { Pulse } from '../pulse.ts';

export interface MetricsModules {
  readonly pulse: Pulse;
  /** The market; undefined while the chain cannot be asked. */
  readonly market: () => Promise<MarketView | undefined>;
  /** ms since 1970. */
  readonly now: () => number;
}

const PLANCK_PER_HAM = 1e12;

/** What Prometheus is told of this provider. Values are read when it asks. */
export function addProviderMetrics(registry: Registry, modules: MetricsModules): void {
  addWork(registry, modules);
  addHeartbeats(registry, modules);
  addMarket(registry, modules);
}

function addWork(registry: Registry, { pulse }: MetricsModules): void {
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({ name: `hamster_provider_${name}`, help, registers: [registry], collect: setTo(value) });
  gauge('leases', 'Leases that run', () => pulse.state().leases);
  gauge('orders_pending', 'Orders that wait for this machine', () => pulse.state().orders);
  gauge('gateways', 'Gateways that hold a place for this machine', () => pulse.state().gateways.length);
  new Gauge({
    name: 'hamster_provider_machines',
    help: 'Machines on this host; down ones should run and do not',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      for (const [state, count] of Object.entries(pulse.state().machines)) this.set({ state }, count);
    },
  });
  new Counter({
    name: 'hamster_provider_reconcile_errors_total',
    help: 'Failures to make the host agree with the chain: of a whole pass, or of the job of one lease',
    labelNames: ['kind'],
    registers: [registry],
    collect() {
      const { passErrors, jobErrors } = pulse.state().reconciler;
      this.reset();
      this.inc({ kind: 'pass' }, passErrors);
      this.inc({ kind: 'job' }, jobErrors);
    },
  });
}

function addHeartbeats(registry: Registry, { pulse }: MetricsModules): void {
  new Counter({
    name: 'hamster_provider_heartbeats_total',
    help: 'Rounds of reports to the chain, by outcome',
    labelNames: ['outcome'],
    registers: [registry],
    collect() {
      const { sent, failed } = pulse.state().heartbeat;
      this.reset();
      this.inc({ outcome: 'sent' }, sent);
      this.inc({ outcome: 'failed' }, failed);
    },
  });
  new Gauge({
    name: 'hamster_provider_last_heartbeat_timestamp_seconds',
    help: 'When the chain last took reports; 0 before the first time',
    registers: [registry],
    collect: setTo(() => (pulse.state().heartbeat.lastAt ?? 0) / 1000),
  });
}

function addMarket(registry: Registry, { market, now }: MetricsModules): void {
  let newestBlock: number | undefined;
  const gauge = (
    name: string,
    help: string,
    labelNames: string[],
    show: (gauge: Gauge, view: MarketView | undefined) => void,
  ) =>
    new Gauge({
      name: `hamster_provider_${name}`,
      help,
      labelNames,
      registers: [registry],
      async collect() {
        show(this, await market());
      },
    });
  gauge('chain_up', 'Whether the chain could be asked just now', [], (up, view) => up.set(view ? 1 : 0));
  gauge('chain_lag_seconds', "Age of the newest block by this host's clock", [], (lag, view) => {
    newestBlock = view?.chainTime ?? newestBlock;
    if (newestBlock !== undefined) lag.set((now() - newestBlock) / 1000);
  });
  gauge('rent_ham', 'Rent of the leases that the chain remembers', ['state'], (rent, view) => {
    if (view === undefined) return;
    const { paid, pending } = incomeOf(view);
    rent.set({ state: 'settled' }, Number(paid) / PLANCK_PER_HAM);
    rent.set({ state: 'pending' }, Number(pending) / PLANCK_PER_HAM);
  });
  gauge('resources', 'What is offered, and free of it', ['resource', 'state'], (resources, view) => {
    if (view?.resource === undefined) return;
    setSize(resources, 'offered', view.resource.capacity);
    setSize(resources, 'free', freeOf(view.resource));
  });
}

function setSize(gauge: Gauge, state: string, { cpuCores, memoryMib, diskGib }: MachineSpec): void {
  gauge.set({ resource: 'cores', state }, cpuCores);
  gauge.set({ resource: 'memory_mib', state }, memoryMib);
  gauge.set({ resource: 'disk_gib', state }, diskGib);
}

function setTo(value: () => number) {
  return function collect(this: Gauge): void {
    this.set(value());
  };
}
