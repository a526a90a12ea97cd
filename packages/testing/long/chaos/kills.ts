import type { LocalNetwork } from '../../src/index.ts';
import type { Chance } from './chance.ts';
import { afterSeconds } from './moments.ts';

export type Daemon = 'node' | 'gateway' | 'provider';

interface Habit {
  /** How long it lives and how long it stays down, at most, in seconds of the chain. */
  readonly up: number;
  readonly down: number;
}

/** The chain says how late it is only while it runs: it is started again at once. */
const HABITS: Readonly<Record<Daemon, Habit>> = {
  node: { up: 40, down: 0 },
  gateway: { up: 25, down: 15 },
  provider: { up: 20, down: 30 },
};

const START_MS = 120_000;

/** Kills one daemon again and again without a warning, and starts it again, until told to stop; then leaves it running. Says how often. */
export async function killAgainAndAgain(
  network: LocalNetwork,
  daemon: Daemon,
  chance: Chance,
  stop: AbortSignal,
): Promise<number> {
  const { up, down } = HABITS[daemon];
  for (let kills = 0; ; kills++) {
    await afterSeconds(network.chain, chance.below(up), stop);
    if (stop.aborted) return kills;
    const part = network.part(daemon);
    part.kill('SIGKILL');
    await part.exited;
    if (down > 0) await afterSeconds(network.chain, chance.below(down), stop);
    await startAgain(network, daemon);
  }
}

/** As a service manager does it: one that cannot start, because the chain is away, is started once more. */
async function startAgain(network: LocalNetwork, daemon: Daemon): Promise<void> {
  const signal = AbortSignal.timeout(START_MS);
  const start = {
    node: () => network.startNode(signal),
    gateway: () => network.startGateway(signal),
    provider: () => network.startProvider(signal),
  };
  for (;;) {
    try {
      await start[daemon]();
      return;
    } catch (error) {
      if (signal.aborted || network.part(daemon).running) throw error;
    }
  }
}
