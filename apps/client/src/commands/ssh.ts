import { Command } from 'commander';
import { clientHost, knownSession } from '../access/open-session.ts';
import { reach } from '../access/reach.ts';
import { tellEnding } from '../access/tell-ending.ts';
import { positive } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import type { Run } from '../cli/program.ts';
import { hostEntryFor } from '../ssh/host-entry.ts';
import { privateKeyFor } from '../ssh/key-files.ts';
import { librarySsh } from '../ssh/library-ssh.ts';
import type { Remote } from '../ssh/remote.ts';
import { systemSsh } from '../ssh/system-ssh.ts';

interface SshFlags {
  readonly user: string;
  readonly builtin: boolean;
  readonly tty: boolean;
}

const SSH_PORT = 22;

export function sshCommand(run: Run): Command {
  return new Command('ssh')
    .description('log in to a rented machine, or run a command there')
    .argument('<lease>', 'id, as in `hamster leases`', positive)
    .argument('[command...]', 'after --: what to run instead of a shell')
    .option('--user <name>', 'whom to log in as', 'root')
    .option('-t, --tty', 'a terminal for the command too, as top or vi need it', false)
    .option('--builtin', "do not use the system's ssh", false)
    .action(run(ssh));
}

async function ssh(context: Context, id: number, command: string[], flags: SshFlags): Promise<number> {
  const remote = { command, tty: flags.tty };
  const code = flags.builtin ? undefined : await withSystemSsh(context, id, flags.user, remote);
  return code ?? withLibrary(context, id, flags.user, remote);
}

/** Undefined when there is no such program here. */
async function withSystemSsh(
  context: Context,
  id: number,
  user: string,
  remote: Remote,
): Promise<number | undefined> {
  const session = await knownSession(context, id);
  tellEnding(context, session);
  return systemSsh(context, await hostEntryFor(context, session, user), remote);
}

async function withLibrary(context: Context, id: number, user: string, remote: Remote): Promise<number> {
  const { home } = context.settings;
  const host = await clientHost(context.settings);
  try {
    const { tunnel, session } = await reach(context, host, id, SSH_PORT);
    tellEnding(context, session);
    const { hostKey, publicKey } = session;
    const identityFile = await privateKeyFor(home, publicKey);
    return await librarySsh(context, { tunnel, user, hostKey, identityFile }, remote);
  } finally {
    await host.stop();
  }
}
