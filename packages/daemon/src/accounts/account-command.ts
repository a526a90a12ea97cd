import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { DaemonError, EXIT_USAGE, sentenceOf } from '../errors.ts';
import type { Keystore, KeystoreEntry } from '../keystore/keystore.ts';
import { askHidden } from '../terminal/ask.ts';
import { newPassphrase, readPassphrase } from '../terminal/passphrase.ts';
import type { PassphraseSources } from '../terminal/passphrase.ts';

/** What the account commands work on; asked for when one runs, after all options are parsed. */
export interface AccountContext {
  readonly keystore: Keystore;
  readonly passphrase: PassphraseSources;
  readonly json: boolean;
}

type Context = () => Promise<AccountContext>;

/** `account create | import | export | list | remove`, alike in every app that signs. */
export function accountCommand(context: Context, name = 'account'): Command {
  return new Command(name)
    .description('Accounts of this machine, encrypted with a passphrase')
    .addCommand(createCommand(context))
    .addCommand(importCommand(context))
    .addCommand(exportCommand(context))
    .addCommand(listCommand(context))
    .addCommand(removeCommand(context));
}

function createCommand(context: Context): Command {
  return new Command('create')
    .description('make an account; its words are shown once')
    .argument('<name>', 'what to call it here')
    .action(async (name: string) => {
      const { keystore, passphrase, json } = await context();
      const { mnemonic, ...entry } = await keystore.create(name, await newPassphrase(passphrase));
      if (json) return print(passphrase, JSON.stringify({ ...entry, mnemonic }));
      tellEntry(passphrase, 'Made', entry);
      print(
        passphrase,
        `\n  ${mnemonic}\n\nWrite these words down: they are the account, and they are not shown again.`,
      );
    });
}

function importCommand(context: Context): Command {
  return new Command('import')
    .description('take over an account from its words, or from the JSON file of a wallet')
    .argument('<name>', 'what to call it here')
    .option(
      '--from <file>',
      'JSON file of a wallet, or a text file with the words; otherwise they are asked for',
    )
    .action(async (name: string, { from }: { from?: string }) => {
      const { keystore, passphrase, json } = await context();
      const text =
        from === undefined
          ? await askHidden(passphrase.terminal, 'The words:', passphrase.signal)
          : await readSource(from);
      const isJson = text.trimStart().startsWith('{');
      const entry = isJson
        ? await keystore.importJson(name, text, await readPassphrase(passphrase, 'Passphrase of the file:'))
        : await keystore.importMnemonic(name, text, await newPassphrase(passphrase));
      if (json) print(passphrase, JSON.stringify(entry));
      else tellEntry(passphrase, 'Took over', entry);
    });
}

function exportCommand(context: Context): Command {
  return new Command('export')
    .description('print the encrypted JSON of an account, as wallets import it')
    .argument('<name>', 'name or address')
    .action(async (name: string) => {
      const { keystore, passphrase } = await context();
      print(passphrase, (await keystore.export(name)).trimEnd());
    });
}

function listCommand(context: Context): Command {
  return new Command('list')
    .description('the accounts that there are')
    .action(async (_: object, { parent }: Command) => {
      const { keystore, passphrase, json } = await context();
      const entries = await keystore.list();
      if (json) return print(passphrase, JSON.stringify(entries));
      if (entries.length === 0)
        return print(
          passphrase,
          `There are no accounts yet. Make one with \`${calledAs(parent)} create <name>\`.`,
        );
      const width = Math.max(...entries.map(({ name }) => name.length));
      entries.forEach(({ name, address }) => print(passphrase, `${name.padEnd(width)}  ${address}`));
    });
}

function removeCommand(context: Context): Command {
  return new Command('remove')
    .description('delete an account from this machine, after its passphrase is given')
    .argument('<name>', 'name or address')
    .action(async (name: string) => {
      const { keystore, passphrase } = await context();
      await keystore.unlock(name, await readPassphrase(passphrase, `Passphrase of ${name}:`));
      tellEntry(passphrase, 'Deleted', await keystore.remove(name));
    });
}

async function readSource(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new DaemonError('FILE_UNREADABLE', `Cannot read ${path}: ${sentenceOf(cause)}.`, {
      cause,
      exitCode: EXIT_USAGE,
    });
  }
}

function tellEntry({ terminal }: PassphraseSources, did: string, entry: KeystoreEntry): void {
  terminal.output.write(`${did} ${entry.name}: ${entry.address}\n`);
}

function print({ terminal }: PassphraseSources, line: string): void {
  terminal.output.write(`${line}\n`);
}

/** A command as it is typed, the program's name first. */
function calledAs(command: Command | null): string {
  return command === null ? '' : `${calledAs(command.parent)} ${command.name()}`.trimStart();
}
