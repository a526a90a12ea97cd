import type { Command } from 'commander';
import { ask } from '../terminal/ask.ts';
import { newPassphrase } from '../terminal/passphrase.ts';
import { processTerminal } from '../terminal/terminal.ts';
import { keystoreIn } from './open-account.ts';
import type { KeystoreEntry } from './keystore.ts';

interface Options {
  readonly passphraseFile?: string;
}

/** Adds `account create|import|list` to a daemon. `homeOf` gives the directory that the daemon was told to use. */
export function addAccountCommands(program: Command, homeOf: () => Promise<string>): void {
  const account = program
    .command('account')
    .description('Keys that this daemon signs with, encrypted on disk');
  const withPassphrase = (command: Command): Command =>
    command.option('--passphrase-file <file>', 'read the passphrase from a file instead of asking');

  withPassphrase(account.command('create <name>').description('Make a new key')).action(
    async (name: string, options: Options) => {
      const keystore = keystoreIn(await homeOf());
      const made = await keystore.create(name, await passphraseFor(options));
      print(made);
      say(`\nWrite these words down and keep them secret; they are shown only now:\n\n  ${made.mnemonic}\n`);
    },
  );
  withPassphrase(
    account.command('import <name>').description('Keep the key of a mnemonic that you have'),
  ).action(async (name: string, options: Options) => {
    const keystore = keystoreIn(await homeOf());
    const mnemonic = await ask(processTerminal(), 'Mnemonic (12 to 24 words):');
    print(await keystore.importMnemonic(name, mnemonic, await passphraseFor(options)));
  });
  account
    .command('list')
    .description('Names and addresses')
    .action(async () => {
      for (const entry of await keystoreIn(await homeOf()).list()) print(entry);
    });
}

function passphraseFor({ passphraseFile }: Options): Promise<string> {
  return newPassphrase({ file: passphraseFile, env: process.env, terminal: processTerminal() });
}

function print({ name, address }: KeystoreEntry): void {
  say(`${name}  ${address}`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
