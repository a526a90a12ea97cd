import { setTimeout as delay } from 'node:timers/promises';
import { Command, InvalidArgumentError } from 'commander';
import type { MetricsAnswer } from '@hamster/p2p';
import { withMachine, type Machine } from '../access/machine.ts';
import { positive } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import type { Run } from '../cli/program.ts';
import { bytes } from '../format/size.ts';

interface MetricsFlags {
  readonly watch: boolean;
  readonly every: number;
}

/** A timer takes no more than 24 days, and nobody watches so seldom. */
const MOST_SECONDS = 86_400;

export function metricsCommand(run: Run): Command {
  return new Command('metrics')
    .description('what a rented machine uses, as its hypervisor sees it')
    .argument('<lease>', 'id, as in `hamster leases`', positive)
    .option('--watch', 'again and again, until Ctrl-C', false)
    .option('--every <seconds>', 'how often to look with --watch', pause, 2)
    .action(run(metrics));
}

async function metrics(context: Context, id: number, { watch, every }: MetricsFlags): Promise<void> {
  await withMachine(context, id, async (machine) => {
    let before = await show(context, id, machine);
    while (watch) {
      await delay(every * 1000, undefined, { signal: context.signal });
      before = await show(context, id, machine, before);
    }
  });
}

async function show(
  context: Context,
  id: number,
  machine: Machine,
  before?: MetricsAnswer,
): Promise<MetricsAnswer> {
  const now = await machine.ask({ name: 'metrics' });
  // One object a line, so that a program can read them as they come.
  if (context.settings.json) context.print(JSON.stringify({ lease: id, ...now }));
  else context.print(metricsText(now, before));
  return now;
}

/** One line; with an earlier look also how fast the network was since. */
export function metricsText(now: MetricsAnswer, before?: MetricsAnswer): string {
  const { cpu, memory, disk, network } = now;
  const parts = [
    `cpu ${Math.round(cpu.percent)} %`,
    `memory ${bytes(memory.usedBytes)} of ${bytes(memory.limitBytes)}`,
    `disk ${bytes(disk.usedBytes)} of ${bytes(disk.sizeBytes)}`,
    ...(network ? [`in ${bytes(network.receivedBytes)}, out ${bytes(network.sentBytes)}`] : []),
    ...(network && before?.network ? [`(${rate(now, before)})`] : []),
  ];
  return parts.join('  ');
}

function rate(now: MetricsAnswer, before: MetricsAnswer): string {
  const seconds = Math.max(0.001, (now.at - before.at) / 1000);
  const perSecond = (count: (of: MetricsAnswer) => number | undefined): string =>
    `${bytes(Math.max(0, (count(now) ?? 0) - (count(before) ?? 0)) / seconds)}/s`;
  return `${perSecond((of) => of.network?.receivedBytes)} in, ${perSecond((of) => of.network?.sentBytes)} out`;
}

function pause(text: string): number {
  const seconds = positive(text);
  if (seconds <= MOST_SECONDS) return seconds;
  throw new InvalidArgumentError(`It must be at most ${MOST_SECONDS}, which is a day.`);
}
