import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writePrivateFile } from '@hamster/daemon';
import type { Session } from '../access/session.ts';
import type { Context } from '../cli/context.ts';
import { privateKeyFor } from './key-files.ts';
import { parseKeyLine } from './public-key.ts';

/** Options that say where the machine is, and as whom to log in there. */
const OF_THE_WAY = new Set(['HostName', 'ProxyCommand', 'User']);

/** Everything that the system's ssh has to be told about one lease. */
export interface HostEntry {
  /** What ssh calls the machine: unique by chain and lease, so that no other key can be taken for its. */
  readonly alias: string;
  readonly user: string;
  readonly proxyCommand: string;
  readonly knownHostsFile: string;
  readonly identityFile: string | undefined;
}

/** Writes the known_hosts file with the key that the chain has, and says how ssh is to connect. */
export async function hostEntryFor(context: Context, session: Session, user: string): Promise<HostEntry> {
  const { home } = context.settings;
  const { lease, genesisHash, hostKey, publicKey } = session;
  const alias = `hamster-${genesisHash.slice(2, 10)}-${lease}`;
  const knownHostsFile = join(home, 'ssh', 'known_hosts', alias);
  const { type, base64 } = parseKeyLine(
    hostKey,
    `The host key that the provider of lease ${lease} put on chain`,
  );
  await keepAs(knownHostsFile, `${alias} ${type} ${base64}\n`);
  const identityFile = await privateKeyFor(home, publicKey);
  return { alias, user, proxyCommand: proxyCommandOf(context, lease), knownHostsFile, identityFile };
}

/** What is there already need not be written: so a login works where nothing can be. */
async function keepAs(path: string, text: string): Promise<void> {
  const kept = await readFile(path, 'utf8').catch(() => undefined);
  if (kept !== text) await writePrivateFile(path, text);
}

/** The options in the form of `ssh -o`, and of a config file. Host keys are never asked about and never learnt. */
export function sshOptions(entry: HostEntry): [name: string, value: string][] {
  return [
    ['HostName', entry.alias],
    ['HostKeyAlias', entry.alias],
    ['User', entry.user],
    ['ProxyCommand', entry.proxyCommand],
    ['UserKnownHostsFile', quoted(entry.knownHostsFile)],
    ['GlobalKnownHostsFile', '/dev/null'],
    ['StrictHostKeyChecking', 'yes'],
    ['CheckHostIP', 'no'],
    ['UpdateHostKeys', 'no'],
    // Who has the machine could use an agent or a screen that is forwarded to it: only for who asks for that, with -A or -X.
    ['ForwardAgent', 'no'],
    ['ForwardX11', 'no'],
    ...(entry.identityFile === undefined
      ? []
      : ([
          ['IdentityFile', quoted(entry.identityFile)],
          ['IdentitiesOnly', 'yes'],
        ] as [string, string][])),
  ];
}

/** What to type in a shell to log in through a port of this computer that leads to the machine. */
export function throughForward(entry: HostEntry, port: number): string {
  const options = sshOptions(entry).filter(([name]) => !OF_THE_WAY.has(name));
  const words = options.flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  return ['ssh', '-p', String(port), ...words, `${entry.user}@127.0.0.1`].map(shellQuoted).join(' ');
}

/** ssh hands this to a shell, after replacing its own % tokens. */
function proxyCommandOf({ self, settings }: Context, lease: number): string {
  const { chain, home, account, devAccount, passphraseFile, swarmKey } = settings;
  const flags = [
    ['--chain', chain],
    ['--home', home],
    ['--account', account],
    ['--dev-account', devAccount],
    ['--passphrase-file', passphraseFile],
    ['--swarm-key', swarmKey],
  ].flatMap(([name, value]) => (name === undefined || value === undefined ? [] : [name, value]));
  return [...self, ...flags, 'proxy', String(lease)].map(shellQuoted).join(' ').replaceAll('%', '%%');
}

function shellQuoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** ssh splits paths at spaces and replaces % tokens in them. */
function quoted(path: string): string {
  return `"${path.replaceAll('%', '%%')}"`;
}
