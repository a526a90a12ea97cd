import { Command } from 'commander';
import type { Lease } from '@hamster/chain-client';
import { clientHost, openSession } from '../access/open-session.ts';
import type { Session } from '../access/session.ts';
import { tunnelsOf } from '../access/tunnel.ts';
import { positive } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import type { Run } from '../cli/program.ts';
import { hostEntryFor } from '../ssh/host-entry.ts';
import type { HostEntry } from '../ssh/host-entry.ts';
import { librarySsh } from '../ssh/library-ssh.ts';
import { systemSsh } from '../ssh/system-ssh.ts';

interface SshFlags {
  readonly user: string;
  readonly builtin: boolean;
}

const SSH_PORT = 22;

export function sshCommand(run: Run): Command {
  return new Command('ssh')
    .description('log in to a rented machine, or run a command there')
    .argument('<lease>', 'id, as in `hamster leases`', positive)
    .argument('[command...]', 'after --: what to run instead of a shell')
    .option('--user <name>', 'whom to log in as', 'root')
    .option('--builtin', "do not use the system's ssh", false)
    .action(run(ssh));
}

async function ssh(context: Context, id: number, remote: string[], flags: SshFlags): Promise<number> {
  const { session, lease } = await openSession(context, id);
  const { genesisHash } = session;
  const entry = await hostEntryFor(context, lease, { genesisHash, user: flags.user });
  const code = flags.builtin ? undefined : await systemSsh(context, entry, remote);
  return code ?? builtinSsh(context, { session, lease, entry }, remote);
}

async function builtinSsh(
  context: Context,
  { session, lease, entry }: { session: Session; lease: Lease; entry: HostEntry },
  remote: readonly string[],
): Promise<number> {
  const host = await clientHost(context.settings.home);
  try {
    const tunnels = await tunnelsOf(host, () => session);
    const tunnel = await tunnels.open(SSH_PORT, context.signal);
    const { user, identityFile } = entry;
    return await librarySsh(context, { tunnel, user, hostKey: lease.sshHostKey, identityFile }, remote);
  } finally {
    await host.stop();
  }
}
