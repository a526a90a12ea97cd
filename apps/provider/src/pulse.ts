import { Type, type Static } from '@hamster/daemon';
import type { MachineState } from '@hamster/machines';
import type { PortMapping } from '@hamster/p2p';
import type { Hindrance } from './fitness/fitness.ts';
import { isDown } from './reconciler/plan.ts';
import type { Work } from './reconciler/work.ts';

const Time = Type.Optional(Type.Integer({ description: 'ms since 1970; missing when it never happened' }));
const Count = Type.Integer({ minimum: 0 });

/** What this process saw happen since its start. */
export const PulseState = Type.Object(
  {
    startedAt: Type.Integer({ description: 'ms since 1970' }),
    heartbeat: Type.Object({
      lastAt: Time,
      sent: Count,
      failed: Count,
      lastError: Type.Optional(Type.String()),
    }),
    reconciler: Type.Object({
      lastAt: Time,
      notFinal: Type.Optional(
        Type.Integer({
          description: 'Blocks since the last final one: what ended in them is destroyed later',
        }),
      ),
      passErrors: Count,
      jobErrors: Count,
      lastError: Type.Optional(Type.String()),
    }),
    gateways: Type.Array(Type.String(), {
      description: 'Peer ids of the gateways through which renters come',
    }),
    port: Type.Object(
      {
        state: Type.Enum(['off', 'searching', 'mapped', 'unmapped', 'unneeded']),
        address: Type.Optional(Type.String({ description: 'Multiaddr that the router forwards' })),
        why: Type.Optional(Type.String({ description: 'Why it forwards none, or need not' })),
      },
      { description: 'Whether the router forwards a port to this machine' },
    ),
    hindrances: Type.Array(
      Type.Object({
        stops: Type.Boolean({ description: 'No order at all is taken because of it' }),
        detail: Type.String(),
      }),
      { description: 'Why this host cannot make all that it is to offer; leases go on' },
    ),
    orders: Type.Integer({ description: 'Orders that wait for this machine' }),
    leases: Type.Integer({ description: 'Leases that run' }),
    machines: Type.Object({
      running: Count,
      stopped: Type.Integer({ description: 'By their renters' }),
      down: Type.Integer({ description: 'By themselves; they are started again' }),
    }),
  },
  { description: 'What this process saw happen since its start' },
);

export type PulseState = Static<typeof PulseState>;

/** The same as a running daemon tells it, which may be of an older release. */
export type ToldPulse = Omit<PulseState, Newer> & Partial<Pick<PulseState, Newer>>;

type Newer = 'port' | 'hindrances';

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends object ? Mutable<T[K]> : T[K] };

/** Notes what happens, for API, metrics and doctor. Nothing is decided by it. */
export class Pulse {
  readonly #now: () => number;
  readonly #tell: (event: string, data: unknown) => void;
  readonly #state: Mutable<PulseState>;

  /** @param tell is called when something that a watcher may want to see has changed. */
  constructor(now: () => number, tell: (event: string, data: unknown) => void) {
    this.#now = now;
    this.#tell = tell;
    this.#state = {
      startedAt: now(),
      heartbeat: { sent: 0, failed: 0 },
      reconciler: { passErrors: 0, jobErrors: 0 },
      gateways: [],
      port: { state: 'off' },
      hindrances: [],
      orders: 0,
      leases: 0,
      machines: { running: 0, stopped: 0, down: 0 },
    };
  }

  state(): PulseState {
    return structuredClone(this.#state);
  }

  beaten(leases: number): void {
    this.#state.heartbeat.lastAt = this.#now();
    this.#state.heartbeat.sent += 1;
    this.#tell('heartbeat', { at: this.#state.heartbeat.lastAt, leases });
  }

  beatFailed(reason: string): void {
    this.#state.heartbeat.failed += 1;
    this.#state.heartbeat.lastError = reason;
    this.#tell('heartbeat-failed', { reason });
  }

  passed({ pending, live, best, final }: Work, machines: readonly MachineState[]): void {
    const before = JSON.stringify([this.#state.orders, this.#state.leases, this.#state.machines]);
    this.#state.reconciler.lastAt = this.#now();
    this.#state.reconciler.notFinal = Math.max(0, best - final.number);
    this.#state.orders = pending.length;
    this.#state.leases = live.length;
    this.#state.machines = countsOf(machines);
    const { orders, leases, machines: counts } = this.#state;
    if (JSON.stringify([orders, leases, counts]) === before) return;
    this.#tell('work', { orders, leases, machines: counts });
  }

  passFailed(reason: string): void {
    this.#state.reconciler.passErrors += 1;
    this.#state.reconciler.lastError = reason;
  }

  jobFailed(leaseId: string, reason: string): void {
    this.#state.reconciler.jobErrors += 1;
    this.#state.reconciler.lastError = reason;
    this.#tell('job-failed', { lease: leaseId, reason });
  }

  reachableBy(gateways: readonly string[]): void {
    this.#state.gateways = [...gateways];
    this.#tell('gateways', { gateways });
  }

  hindered(hindrances: readonly Hindrance[]): void {
    const changed = JSON.stringify(hindrances) !== JSON.stringify(this.#state.hindrances);
    this.#state.hindrances = [...hindrances];
    if (changed) this.#tell('hindrances', { hindrances });
  }

  portMapped(mapping: PortMapping): void {
    this.#state.port = mapping;
    this.#tell('port', mapping);
  }
}

function countsOf(machines: readonly MachineState[]): PulseState['machines'] {
  const down = machines.filter(isDown).length;
  const running = machines.filter((machine) => machine.running).length;
  return { running, down, stopped: machines.length - running - down };
}
