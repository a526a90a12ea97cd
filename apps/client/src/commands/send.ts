import { Command } from 'commander';
import { money } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import { CliError } from '../cli/errors.ts';
import type { Run } from '../cli/program.ts';
import { toJson } from '../format/json.ts';
import { ham, roundHam } from '../format/money.ts';
import { requireConsent } from './consent.ts';
import { submitCall } from './submit-call.ts';

export function sendCommand(run: Run): Command {
  return new Command('send')
    .description('send money to another account; asks before it does')
    .argument('<address>', 'whom to send it to')
    .argument('<amount>', 'in HAM', money)
    .option('--yes', 'do not ask', false)
    .action(run(send));
}

async function send(context: Context, to: string, amount: bigint, { yes }: { yes: boolean }): Promise<void> {
  const chain = await context.chain();
  const account = await context.account();
  const call = chain.calls.transfer(to, amount);
  const [fee, { transferable }] = await Promise.all([
    chain.fee(call, account.address),
    chain.balance(account.address),
  ]);
  if (transferable < amount + fee) {
    throw new CliError(
      'NOT_ENOUGH_MONEY',
      `The account has ${ham(transferable)} to spend, which is not enough.`,
    );
  }
  await requireConsent(context, `Send ${ham(amount)} to ${to}, for a fee of ${roundHam(fee)}?`, yes);
  const { txHash } = await submitCall(context, call, { look: 'hamster account balance' });
  if (context.settings.json) return context.print(toJson({ to, amount, txHash }));
  context.print(`Sent ${ham(amount)} to ${to}.`);
}
