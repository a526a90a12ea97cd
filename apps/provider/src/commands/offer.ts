import { DaemonError, EXIT_USAGE, printLine, type Command, type Static } from '@hamster/daemon';
import { runningDaemon } from '@hamster/daemon-api';
import { changeOf, type Change } from '../api/settings-routes.ts';
import type { Config } from '../config.ts';
import { onChain, requireHam } from './on-chain.ts';
import { durationOf, momentOf, wholeNumberOf } from './times.ts';

type ChangeForm = Static<typeof Change>;
type Settings = () => Promise<Config>;

/** A change waits for a block. */
const CHANGE_MS = 90_000;

/** Adds the commands that change the offer. A running daemon carries them out; without one the account signs here. */
export function addOfferCommands(program: Command, settings: Settings): void {
  addPrice(program, settings);
  addCapacity(program, settings);
  addPeriod(program, settings);
  addMaintenance(program, settings);
  addDraining(program, settings);
}

function addPrice(program: Command, settings: Settings): void {
  program
    .command('price')
    .description('Change what an hour costs, for orders and extensions from now on')
    .option('--core <HAM>', 'one core for an hour')
    .option('--memory <HAM>', 'one GiB of memory for an hour')
    .option('--disk <HAM>', 'one GiB of disk for an hour')
    .action(async (prices: { core?: string; memory?: string; disk?: string }) => {
      Object.values(prices).forEach(requireHam);
      await change(await settings(), { prices }, Object.keys(prices).length);
    });
}

function addCapacity(program: Command, settings: Settings): void {
  program
    .command('capacity')
    .description('Offer more or less of this machine; the rest is the reserve of the host')
    .option('--cores <n>', 'cores to offer')
    .option('--memory <MiB>', 'memory to offer')
    .option('--disk <GiB>', 'disk to offer')
    .action(async ({ cores, memory, disk }: { cores?: string; memory?: string; disk?: string }) => {
      const capacity = {
        ...(cores !== undefined && { cpuCores: wholeNumberOf(cores) }),
        ...(memory !== undefined && { memoryMib: wholeNumberOf(memory) }),
        ...(disk !== undefined && { diskGib: wholeNumberOf(disk) }),
      };
      await change(await settings(), { capacity }, Object.keys(capacity).length);
    });
}

function addPeriod(program: Command, settings: Settings): void {
  program
    .command('period')
    .description('Say until when this machine is offered; no lease lasts longer')
    .option('--days <n>', 'that many days from now on')
    .option('--until <time>', 'that moment, e.g. 2027-01-31T22:00Z')
    .action(async ({ days, until }: { days?: string; until?: string }) => {
      const text = days === undefined ? until : `+${wholeNumberOf(days)}d`;
      const availableUntil = text === undefined ? 0 : momentOf(text, Date.now());
      await change(await settings(), { availableUntil }, availableUntil);
    });
}

function addMaintenance(program: Command, settings: Settings): void {
  program
    .command('maintenance')
    .description('Announce that this machine will be down: no rent, and no fault, for a while')
    .requiredOption('--from <time>', 'its begin, e.g. 2027-01-31T22:00Z or +25h; the chain asks for notice')
    .requiredOption('--for <duration>', 'how long, e.g. 90m')
    .action(async ({ from: begin, for: length }: { from: string; for: string }) => {
      const from = momentOf(begin, Date.now());
      await change(await settings(), { maintenance: { from, to: from + durationOf(length) } }, 1);
    });
}

function addDraining(program: Command, settings: Settings): void {
  program
    .command('drain')
    .description('Take no further orders, also after restarts; leases go on until their end')
    .action(async () => change(await settings(), { draining: true }, 1));
  program
    .command('undrain')
    .description('Take orders again, after draining or a fault')
    .action(async () => change(await settings(), { draining: false }, 1));
}

/** @param named how many things the command line named. */
async function change(config: Config, form: ChangeForm, named: number): Promise<void> {
  if (named === 0)
    throw new DaemonError('USAGE', 'Say what to change; --help lists it.', { exitCode: EXIT_USAGE });
  const daemon = await runningDaemon(config.home);
  const effects =
    daemon === undefined
      ? await onChain(config, ({ operator }) =>
          operator.change(changeOf(form), AbortSignal.timeout(CHANGE_MS)),
        )
      : ((await daemon.ask('PATCH', '/settings', { body: form, timeoutMs: CHANGE_MS })) as Answer).effects;
  for (const effect of effects) printLine(effect);
}

interface Answer {
  readonly effects: readonly string[];
}
