import type { ChainClient } from '@hamster/chain-client';
import { sentenceOf } from '@hamster/daemon';
import type { MachineDriver } from '@hamster/machines';
import type { Host } from '@hamster/p2p';
import { join } from 'node:path';
import { serveRenters, type RenterAccess } from './access/renters.ts';
import { openChoices, type Choices } from './control/choices.ts';
import { Commands } from './control/commands.ts';
import { MachineGate } from './control/machine-gate.ts';
import { ChainClock } from './chain/chain-clock.ts';
import { FinalityWatch } from './chain/finality-watch.ts';
import type { ChainMark } from './chain-mark.ts';
import { beat } from './heartbeat/heartbeat.ts';
import { chainHome } from './home.ts';
import { keepOffered } from './keep-offered.ts';
import { offeredImages } from './offering.ts';
import type { Pulse } from './pulse.ts';
import { reachable } from './reachable.ts';
import { Reconciler } from './reconciler/reconciler.ts';
import type { MarketChain } from './reconciler/work.ts';
import { extendOffer, type Newcomer } from './registration/bring-to-market.ts';
import type { Context } from './start.ts';
import { keepWarm, warmWishes } from './warm-machines.ts';

export interface Serving extends Context {
  readonly client: ChainClient;
  readonly chain: MarketChain;
  readonly driver: MachineDriver;
  readonly host: Host;
  readonly pulse: Pulse;
  readonly newcomer: Newcomer;
  readonly mark: ChainMark;
}

interface Work extends Serving {
  readonly home: string;
  readonly gate: MachineGate;
  readonly choices: Choices;
}

/** Starts what serves renters: access, reachability, machines, reports. */
export async function serve(serving: Serving): Promise<void> {
  const { config, log, lifecycle, client, driver, host, pulse } = serving;
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
  await startReconciler(work, renters);
  await startHeartbeat(work);
  await startLoop(serving, 'offer', (signal) =>
    keepOffered({ extend: (stop) => extendOffer(serving.newcomer, stop), log }, signal),
  );
  const wishes = await warmWishes(config.warm, driver);
  await startLoop(serving, 'warm machines', (signal) => keepWarm({ driver, wishes, log }, signal));
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
  const { lifecycle, client, chain, driver, gate, log, pulse, mark } = work;
  const now = (): number => performance.now();
  await lifecycle.start({
    name: 'reconciler',
    start: async ({ fail }) => {
      const closeStreams = (lease: bigint): void => renters.closeLease(lease);
      const endLease = endingOf(work);
      const modules = { chain, driver, log, now, mark, gate, closeStreams, endLease, pulse };
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

function endingOf({ choices, log }: Work): (lease: bigint) => Promise<void> {
  return (lease) =>
    choices
      .forget(String(lease))
      // A disk that is full must not keep the machine that fills it.
      .catch((error: unknown) => log.warn({ reason: sentenceOf(error) }, 'could not write choices'));
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
