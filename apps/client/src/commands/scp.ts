import { Command } from 'commander';
import { knownSession } from '../access/open-session.ts';
import type { Context } from '../cli/context.ts';
import { CliError, usageError } from '../cli/errors.ts';
import type { Run } from '../cli/program.ts';
import { hostEntryFor } from '../ssh/host-entry.ts';
import { systemScp } from '../ssh/system-ssh.ts';

interface ScpFlags {
  readonly user: string;
  readonly recursive: boolean;
  readonly preserve: boolean;
  readonly legacy: boolean;
}

const HELP = `
A path on a machine is its lease, a colon, and the path, which begins at the home directory unless it has a slash:
  hamster scp report.pdf 7:            into the home directory there
  hamster scp -r 7:/var/log logs       a directory from there
A file here whose name looks like that is written as ./7:file.`;

export function scpCommand(run: Run): Command {
  return new Command('scp')
    .description("copy files to or from a rented machine, with the system's scp")
    .argument('<paths...>', 'what to copy, then where to')
    .option('--user <name>', 'whom to log in as', 'root')
    .option('-r, --recursive', 'directories too', false)
    .option('-p, --preserve', 'keep times and modes', false)
    .option('-O, --legacy', 'by the older protocol, for a machine without sftp', false)
    .addHelpText('after', HELP)
    .action(run(scp));
}

async function scp(context: Context, paths: string[], flags: ScpFlags): Promise<number> {
  const id = leaseOf(paths);
  const entry = await hostEntryFor(context, await knownSession(context, id), flags.user);
  const args = [
    ...(flags.recursive ? ['-r'] : []),
    ...(flags.preserve ? ['-p'] : []),
    ...(flags.legacy ? ['-O'] : []),
    '--',
    ...paths.map((path) => path.replace(REMOTE, `${entry.alias}:`)),
  ];
  const code = await systemScp(context, entry, args);
  if (code !== undefined) return code;
  throw new CliError(
    'NO_SCP',
    `There is no scp here. Install OpenSSH's client, or pipe: hamster ssh ${id} -- cat /path > file`,
  );
}

const REMOTE = /^(\d+):/;

/** The one lease that the paths name. Throws CliError `USAGE`. */
function leaseOf(paths: readonly string[]): number {
  if (paths.length < 2) throw usageError('Say what to copy, and where to: hamster scp file 7:');
  const leases = new Set(paths.flatMap((path) => REMOTE.exec(path)?.[1] ?? []));
  const [lease] = leases;
  if (leases.size === 1 && lease !== undefined) return Number(lease);
  throw usageError('Name paths of one machine, each as lease:path, such as 7:/root/file.');
}
