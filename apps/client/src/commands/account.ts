import type { Command } from 'commander';
import { accountCommand } from '@hamster/daemon';
import type { Context } from '../cli/context.ts';
import { readPreferences, writePreferences } from '../cli/preferences.ts';
import type { Run } from '../cli/program.ts';
import { toJson } from '../format/json.ts';
import { ham } from '../format/money.ts';

/** The shared account commands, with what only a renter needs. */
export function accountCommands(run: Run, context: () => Promise<Context>): Command {
  const command = accountCommand(async () => {
    const { keystore, passphrase, settings } = await context();
    return { keystore, passphrase, json: settings.json };
  });
  command
    .command('balance')
    .description('free and held money of the account, or of an address')
    .argument('[account]', 'name or address')
    .action(run(balance));
  command
    .command('default')
    .description('show or choose the account to use when none is named')
    .argument('[name]', 'name or address')
    .action(run(chooseDefault));
  return command;
}

async function balance(context: Context, named: string | undefined): Promise<void> {
  const chain = await context.chain();
  const address = named === undefined ? (await context.account()).address : await addressOf(context, named);
  const { free, held, transferable } = await chain.balance(address);
  if (context.settings.json) return context.print(toJson({ address, free, held, transferable }));
  context.print(
    [address, `  free  ${ham(free)}`, `  held  ${ham(held)} (stakes and rent in escrow)`].join('\n'),
  );
}

/** An address is taken as it is: anyone's balance is public. */
async function addressOf({ keystore }: Context, named: string): Promise<string> {
  const entry = (await keystore.list()).find(({ name }) => name === named);
  if (entry || named.length < 40) return entry?.address ?? (await keystore.find(named)).address;
  return named;
}

async function chooseDefault(context: Context, named: string | undefined): Promise<void> {
  const { home } = context.settings;
  const preferences = await readPreferences(home);
  if (named === undefined) return context.print(preferences.defaultAccount ?? 'No account is chosen.');
  const { name, address } = await context.keystore.find(named);
  await writePreferences(home, { ...preferences, defaultAccount: name });
  context.print(`From now on ${name} (${address}) is used when no account is named.`);
}
