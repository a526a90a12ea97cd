import { join } from 'node:path';
import type { ChainClient } from '@hamster/chain-client';
import { configOf, harmlessLines, Keystore } from '@hamster/daemon';
import type { Command, PassphraseSources, Terminal } from '@hamster/daemon';
import { chooseAccount } from './account.ts';
import type { Account } from './account.ts';
import { readPreferences } from './preferences.ts';
import { settings } from './settings.ts';
import type { Settings } from './settings.ts';

/** What a process gives its commands. */
export interface Host {
  readonly terminal: Terminal;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborts on Ctrl-C, unless a child has it for itself, and on SIGTERM. */
  readonly signal: AbortSignal;
  /** Lets a child process have Ctrl-C for itself; hands back what ends that. */
  leaveInterrupts(): () => void;
  /** How to run this very program again: executable, then arguments. */
  readonly self: readonly string[];
}

/** What a command works with. Chain and account are fetched when they are first asked for. */
export interface Context extends Host {
  readonly settings: Settings;
  /** Of this program. */
  readonly version: string;
  readonly keystore: Keystore;
  readonly passphrase: PassphraseSources;
  chain(): Promise<ChainClient>;
  account(): Promise<Account>;
  /** A line of the result. */
  print(text: string): void;
  /** A line for the person only, kept apart from the result. */
  tell(text: string): void;
}

/** Makes the context of a parsed command. The chain it may have connected to is for `release` to close. */
export async function contextOf(
  host: Host,
  command: Command,
): Promise<{
  context: Context;
  /** The chain, if the command asked for it. */
  connected: () => Promise<ChainClient | undefined>;
  release: () => Promise<void>;
}> {
  const values = await configOf(command, settings, host.env);
  const keystore = new Keystore(join(values.home, 'accounts'));
  const { terminal, env, signal } = host;
  const passphrase = { terminal, env, signal, file: values.passphraseFile };
  const chain = once(() => connectTo(values.chain, host.signal));
  const account = once(async () => {
    const { defaultAccount } = await readPreferences(values.home);
    const sources = { settings: values, keystore, passphrase, defaultAccount };
    return chooseAccount(sources, async () => (await chain.get()).chain);
  });
  const context: Context = {
    ...host,
    settings: values,
    version: command.version() ?? '',
    keystore,
    passphrase,
    chain: chain.get,
    account: account.get,
    print: (text) => void host.terminal.output.write(`${harmlessLines(text)}\n`),
    tell: (text) => void host.terminal.errors.write(`${harmlessLines(text)}\n`),
  };
  return { context, connected: chain.current, release: async () => (await chain.current())?.close() };
}

/** Loaded when it is needed: commands that do not ask the chain start faster. */
async function connectTo(url: string, signal: AbortSignal): Promise<ChainClient> {
  const { connect } = await import('@hamster/chain-client');
  return connect(url, { signal });
}

function once<T>(make: () => Promise<T>): { get: () => Promise<T>; current: () => Promise<T | undefined> } {
  let made: Promise<T> | undefined;
  return {
    get: () => (made ??= make()),
    current: async () => made?.catch(() => undefined),
  };
}
