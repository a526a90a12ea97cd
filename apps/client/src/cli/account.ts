import type { ChainIdentity } from '@hamster/chain-client';
import { devAccount, readPassphrase } from '@hamster/daemon';
import type { Keystore, KeyringPair, PassphraseSources } from '@hamster/daemon';
import { CliError, EXIT, usageError } from './errors.ts';
import type { Settings } from './settings.ts';

/** The account of this run: its address is known at once, its key only when something has to be signed. */
export interface Account {
  readonly address: string;
  /** Asks for the passphrase where it is needed, once. */
  unlock(): Promise<KeyringPair>;
  /** Lets go of the key: from now on `unlock` rejects with CliError KEY_LOCKED. */
  lock(): void;
}

interface Sources {
  readonly settings: Settings;
  readonly keystore: Keystore;
  readonly passphrase: PassphraseSources;
  readonly defaultAccount: string | undefined;
}

/** SS58: base58 without 0OIl, of the length that a 32-byte account has. */
const ADDRESS = /^[1-9A-HJ-NP-Za-km-z]{46,49}$/;

/** The account that flags, environment, the default or a lone key file name. Throws CliError `NO_ACCOUNT`. */
export async function chooseAccount(sources: Sources, chain: () => Promise<ChainIdentity>): Promise<Account> {
  const { settings, keystore } = sources;
  if (settings.devAccount !== undefined) return developmentAccount(settings.devAccount, await chain());
  const named = settings.account ?? sources.defaultAccount;
  const entries = await keystore.list();
  const found =
    named === undefined
      ? onlyOne(entries)
      : entries.find(({ name, address }) => name === named || address === named);
  if (found) return stored(found.name, found.address, sources);
  if (named === undefined) throw noAccount(entries.map(({ name }) => name));
  if (ADDRESS.test(named)) return watchOnly(named);
  return stored(named, (await keystore.find(named)).address, sources);
}

async function developmentAccount(name: string, chain: ChainIdentity): Promise<Account> {
  if (chain.type !== 'Development') {
    throw usageError(
      `Anyone can sign for development accounts, so --dev-account works on development chains only; "${chain.name}" is of type ${chain.type}.`,
    );
  }
  const pair = await devAccount(name);
  return { address: pair.address, unlock: () => Promise.resolve(pair), lock: () => undefined };
}

function stored(name: string, address: string, { keystore, passphrase }: Sources): Account {
  let unlocked: Promise<KeyringPair> | undefined;
  return {
    address,
    unlock() {
      unlocked ??= readPassphrase(passphrase, `Passphrase of ${name}:`).then((text) =>
        keystore.unlock(name, text),
      );
      return unlocked;
    },
    lock() {
      const message = `The key of ${name} is not held any more. Sign with a command of your own, such as \`hamster ssh\`.`;
      unlocked = Promise.reject(new CliError('KEY_LOCKED', message));
      unlocked.catch(() => undefined);
    },
  };
}

function watchOnly(address: string): Account {
  return {
    address,
    unlock() {
      const message = `The key of ${address} is not on this machine, so nothing can be signed. Import it with \`hamster account import\`.`;
      return Promise.reject(new CliError('KEY_NOT_HERE', message));
    },
    lock: () => undefined,
  };
}

function onlyOne<T>(entries: readonly T[]): T | undefined {
  return entries.length === 1 ? entries[0] : undefined;
}

function noAccount(names: readonly string[]): CliError {
  const message =
    names.length === 0
      ? 'There is no account yet. Make one with `hamster account create <name>`, or on a development chain use --dev-account alice.'
      : `Which account? Name one with --account, or choose with \`hamster account default <name>\`: ${names.join(', ')}.`;
  return new CliError('NO_ACCOUNT', message, EXIT.usage);
}
