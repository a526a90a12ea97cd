import type { ChainClient } from '@hamster/chain-client';
import { sentenceOf } from '@hamster/daemon';
import type { MachineDriver } from '@hamster/machines';
import type { Host } from '@hamster/p2p';
import { join } from 'node:path';
import { serveRenters, type RenterAccess } from './access/renters.ts';
import { openChoices, type Choices } from './control/choices.ts';
import { Commands } from './control/commands.ts';
import { MachineGate } from './control/machine-gate.ts';
import { settleKeys } from './control/settle-keys.ts';
import { ChainClock } from './chain/chain-clock.ts';
import { FinalityWatch } from './chain/finality-watch.ts';
import type { ChainMark } from './chain-mark.ts';
import { beat } from './heartbeat/heartbeat.ts';
import { chainHome } from './home.ts';
import type { FitnessWatch } from './fitness/fitness-watch.ts';
import { keepOffered } from './keep-offered.ts';
import { offeredImages } from './offering.ts';
import type { Pulse } from './pulse.ts';
import { reachable } from './reachable.ts';
import { Reconciler, type ReconcilerModules } from './reconciler/reconciler.ts';
import type { MarketChain } from './reconciler/work.ts';
import { extendOffer, refreshOffer, type Newcomer } from './registration/bring-to-market.ts';
import type { Context } from './start.ts';
import { guardMachines } from './guard-machines.ts';
import { keepWarm } from './warm-machines.ts';

export interface Serving extends Context {
  readonly client: ChainClient;
  readonly chain: MarketChain;
  readonly driver: MachineDriver;
  readonly host: Host;
  readonly pulse: Pulse;
  readonly newcomer: Newcomer;
  readonly mark: ChainMark;
  readonly fitness: FitnessWatch;
}

interface Work extends Serving {
  readonly home: string;
  readonly gate: MachineGate;
  readonly choices: Choices;
}

/** Starts what serves renters: access, reachability, machines, reports. */
export async function serve(serving: Serving): Promise<void> {
  const { config, log, lifecycle, client, driver, host, pulse, newcomer, fitness } = serving;
  const { genesisHash } = client.chain;
  const home = chainHome(config.home, genesisHash);
  const clock = new ChainClock(() => performance.now(), await client.now());
  const chain = watched(serving.chain, clock, new FinalityWatch(log));
  const gate = new MachineGate();
  const choices = await openChoices(join(home, 'choices.json'));
  const commands = new Commands({ driver, gate, choices, images: () => offeredImages(config, driver) });
  const renters = await lifecycle.start({
    name: 'renters',
    start: () => serveRenters({ genesisHash, chain, driver, commands, host, log, clock }),
    stop: (open) => open.close(),
  });
  await lifecycle.start({
    name: 'reservations',
    start: () => reachable({ client, host, log, onChange: (held) => pulse.reachableBy(held) }),
    stop: (keeper) => keeper.stop(),
  });
  const work = { ...serving, chain, home, gate, choices };
  await startLoop(serving, 'keys', (signal) => settleKeys({ driver, gate, choices, log }, signal));
  await startReconciler(work, renters);
  await startHeartbeat(work);
  await startLoop(serving, 'offer', (signal) =>
    keepOffered({ extend: (stop) => extendOffer(newcomer, stop), log }, signal),
  );
  await startLoop(serving, 'fitness', (signal) =>
    fitness.untilFit((stop) => refreshOffer(newcomer, stop), signal),
  );
  await startLoop(serving, 'guard', (signal) => guardMachines({ driver, log }, signal));
  const isFit = (): boolean => fitness.obstacle === undefined;
  const warm = { driver, wishes: config.warm, isFit, log };
  await startLoop(serving, 'warm machines', (signal) => keepWarm(warm, signal));
}

/** The same chain, by each look at which the clock is set, and finality is watched. */
function watched(chain: MarketChain, clock: ChainClock, finality: FinalityWatch): MarketChain {
  return {
    ...chain,
    async work(signal) {
      const work = await chain.work(signal);
      clock.saw(work.chainTime);
      finality.saw(work);
      return work;
    },
  };
}

async function startReconciler(work: Work, renters: RenterAccess): Promise<void> {
  const { lifecycle, client, chain, driver, gate, log, pulse, mark, fitness } = work;
  const now = (): number => performance.now();
  await lifecycle.start({
    name: 'reconciler',
    start: async ({ fail }) => {
      const closeStreams = (lease: bigint): void => renters.closeLease(lease);
      const isFit = (): boolean => fitness.obstacle === undefined;
      const modules = {
        chain,
        driver,
        log,
        now,
        mark,
        gate,
        closeStreams,
        pulse,
        isFit,
        ...forgetting(work),
      };
      const reconciler = new Reconciler({ ...modules, onReplaced: fail });
      const unwatch = await client.watchHeads(() => reconciler.trigger());
      return { reconciler, unwatch };
    },
    stop: async ({ reconciler, unwatch }) => {
      unwatch();
      await reconciler.close();
    },
  });
}

/** A disk that is full must not keep the machine that fills it. */
function forgetting({ choices, log }: Work): Pick<ReconcilerModules, 'endLease' | 'onlyLeases'> {
  const tell = (error: unknown): void => log.warn({ reason: sentenceOf(error) }, 'could not write choices');
  return {
    endLease: (lease) => choices.forget(String(lease)).catch(tell),
    onlyLeases: (leaseIds) => choices.keepOnly(leaseIds).catch(tell),
  };
}

async function startHeartbeat(work: Work): Promise<void> {
  const { client, chain, driver, gate, choices, log, pulse } = work;
  const intervalMs = async (): Promise<number> => (await client.parameters()).resourceOrder.heartbeatInterval;
  await startLoop(work, 'heartbeat', (signal) =>
    beat({ chain, driver, gate, choices, log, intervalMs, pulse }, signal),
  );
}

/** Something that goes on until its signal aborts. */
async function startLoop(
  { lifecycle }: Pick<Context, 'lifecycle'>,
  name: string,
  loop: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  await lifecycle.start({
    name,
    start: () => {
      const stop = new AbortController();
      return { stop, looping: loop(stop.signal) };
    },
    stop: async ({ stop, looping }) => {
      stop.abort();
      await looping;
    },
  });
}
