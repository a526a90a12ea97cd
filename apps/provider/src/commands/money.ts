import { DaemonError, EXIT_USAGE, printLine, type Command } from '@hamster/daemon';
import { runningDaemon } from '@hamster/daemon-api';
import type { Config } from '../config.ts';
import { planckOf } from '../ham.ts';
import type { Purse } from '../purse/purse.ts';
import { onChain, requireHam } from './on-chain.ts';

type Settings = () => Promise<Config>;

/** What a command has the daemon do, or does itself where none runs. */
interface Errand {
  readonly path: string;
  readonly body?: { readonly amount?: string };
  /** Never by the daemon. */
  readonly ownHands?: boolean;
  run(purse: Purse, signal: AbortSignal): Promise<Answer>;
}

interface Answer {
  readonly effects: readonly string[];
  readonly left?: boolean;
}

/** Two transactions may have to wait for a block each. */
const WORK_MS = 120_000;

/** Adds the commands that move the operator's money, and the way out of the market. */
export function addMoneyCommands(program: Command, settings: Settings): void {
  program
    .command('leave')
    .description(
      'Take this machine off the market and its stake out of service; drains first while leases run',
    )
    .action(async () => {
      const { left } = await carryOut(await settings(), {
        path: '/leave',
        run: (purse, signal) => purse.leave(signal),
      });
      if (left !== true) process.exitCode = 1;
    });
  program
    .command('withdraw')
    .description('Get back the stake that has unbonded')
    .action(async () => {
      const run: Errand['run'] = async (purse, signal) => ({ effects: await purse.withdraw(signal) });
      await carryOut(await settings(), { path: '/stake/withdraw', run });
    });
  addUnstake(program, settings);
  addPayOut(program, settings);
}

function addUnstake(program: Command, settings: Settings): void {
  program
    .command('unstake')
    .description('Take stake out of service that the offer does not need; it unbonds for a while')
    .option('--amount <HAM>', 'how much; all that the offer does not need unless given')
    .action(async ({ amount }: { amount?: string }) => {
      const planck = planckIn(amount);
      await carryOut(await settings(), {
        path: '/stake/unstake',
        body: { ...(amount !== undefined && { amount }) },
        run: async (purse, signal) => ({ effects: await purse.unstake(planck, signal) }),
      });
    });
}

function addPayOut(program: Command, settings: Settings): void {
  program
    .command('pay-out')
    .description('Send income to another account')
    .option('--to <address>', 'that account; the one of --payout-to unless given')
    .option('--amount <HAM>', 'how much; all but what --payout-keep leaves for fees unless given')
    .action(async ({ to, amount }: { to?: string; amount?: string }) => {
      const planck = planckIn(amount);
      const config = await settings();
      const address = to ?? config.payout.to;
      if (address === undefined) throw usage('Say to whom: --to <address>, or set --payout-to once.');
      const form = { to: address, amount: planck, keep: planckOf(config.payout.keep) };
      await carryOut(config, {
        path: '/income/payout',
        body: { ...(amount !== undefined && { amount }) },
        // The daemon sends to the address that it was started with, and to no other.
        ownHands: to !== undefined,
        run: async (purse, signal) => ({ effects: await purse.payOut(form, signal) }),
      });
    });
}

async function carryOut(config: Config, errand: Errand): Promise<Answer> {
  const daemon = errand.ownHands === true ? undefined : await runningDaemon(config.home);
  const options = { timeoutMs: WORK_MS, ...(errand.body && { body: errand.body }) };
  const answer =
    daemon === undefined
      ? await onChain(config, ({ purse }) => errand.run(purse, AbortSignal.timeout(WORK_MS)))
      : ((await daemon.ask('POST', errand.path, options)) as Answer);
  for (const effect of answer.effects) printLine(effect);
  return answer;
}

function planckIn(amount: string | undefined): bigint | undefined {
  if (amount === undefined) return undefined;
  requireHam(amount);
  return planckOf(amount);
}

function usage(message: string): DaemonError {
  return new DaemonError('USAGE', message, { exitCode: EXIT_USAGE });
}
