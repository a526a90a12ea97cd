import { Command } from 'commander';
import { isLive } from '@hamster/chain-client/market';
import { openSession } from '../access/open-session.ts';
import { positive } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import type { Run } from '../cli/program.ts';
import { toJson } from '../format/json.ts';
import type { NamedEntry } from '../ssh/config-text.ts';
import { hostEntryFor } from '../ssh/host-entry.ts';
import { writeHosts } from '../ssh/host-files.ts';
import type { KnownHost } from '../ssh/host-files.ts';
import { includeInSshConfig, isIncluded } from '../ssh/include.ts';

interface SshConfigFlags {
  readonly user: string;
  readonly include: boolean;
}

export function sshConfigCommand(run: Run): Command {
  return new Command('ssh-config')
    .description('let plain ssh, scp, rsync and editors reach your machines as hamster-<lease>')
    .argument(
      '[lease]',
      'only this one, beside those that are there and run; otherwise all that run',
      positive,
    )
    .option('--user <name>', 'whom to log in as', 'root')
    .option('--include', 'include the file in ~/.ssh/config', false)
    .action(run(sshConfig));
}

async function sshConfig(context: Context, only: number | undefined, flags: SshConfigFlags): Promise<void> {
  const ids = only === undefined ? await liveLeases(context) : [only];
  const entries: NamedEntry[] = [];
  for (const id of ids) entries.push(await prepare(context, id, flags.user));
  const isOver = only === undefined ? async () => true : await endedOnChain(context);
  const path = await writeHosts(context.settings.home, entries, isOver);
  if (flags.include) await includeInSshConfig(path);
  if (context.settings.json) return context.print(toJson({ path, hosts: entries }));
  context.print(summary(path, entries, await isIncluded(path)));
}

async function liveLeases(context: Context): Promise<number[]> {
  const chain = await context.chain();
  const leases = await chain.leasesOf((await context.account()).address);
  return leases.filter(isLive).map(({ id }) => id);
}

/** Whether a host's lease is one of this chain that runs no more. Of other chains nothing is known. */
async function endedOnChain(context: Context): Promise<(host: KnownHost) => Promise<boolean>> {
  const chain = await context.chain();
  const ours = chain.chain.genesisHash.slice(2, 10);
  return async ({ chain: its, lease: id }) => {
    if (its !== ours) return false;
    const lease = await chain.lease(id);
    return lease === undefined || !isLive(lease);
  };
}

async function prepare(context: Context, id: number, user: string): Promise<NamedEntry> {
  const session = await openSession(context, id);
  return { name: `hamster-${id}`, ...(await hostEntryFor(context, session, user)) };
}

function summary(path: string, entries: readonly NamedEntry[], included: boolean): string {
  if (entries.length === 0) return 'You rent no machines at present, so there is nothing to reach.';
  const prefix = included ? '' : `-F ${path} `;
  const hint = included ? [] : [`Add it to ~/.ssh/config with --include, or say: Include "${path}"`];
  return [`Written to ${path}.`, ...hint, ...entries.map(({ name }) => `  ssh ${prefix}${name}`)].join('\n');
}
