import { Command } from 'commander';
import { clientHost, openSession } from '../access/open-session.ts';
import { loadSession } from '../access/session.ts';
import type { Session } from '../access/session.ts';
import { tunnelsOf } from '../access/tunnel.ts';
import { port, positive } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import type { Run } from '../cli/program.ts';

/** What `hamster ssh` has just asked the chain need not be asked again. */
const FRESH_MS = 60_000;
const LEAST_LEFT_MS = 60_000;

/** For ssh's ProxyCommand: standard input and output become a stream to the machine. */
export function proxyCommand(run: Run): Command {
  return new Command('proxy')
    .description('join standard input and output with a port of a rented machine')
    .argument('<lease>', 'id', positive)
    .option('--port <port>', 'TCP port of the machine', port, 22)
    .action(run(proxy));
}

async function proxy(context: Context, id: number, flags: { port: number }): Promise<void> {
  const session = await sessionFor(context, id);
  const host = await clientHost(context.settings.home);
  try {
    const tunnels = await tunnelsOf(host, () => session);
    const tunnel = await tunnels.open(flags.port, context.signal);
    const { bridgeStdio } = await import('@hamster/p2p');
    await bridgeStdio(tunnel, process.stdin, process.stdout);
  } finally {
    await host.stop();
  }
}

async function sessionFor(context: Context, id: number): Promise<Session> {
  const { home, chain } = context.settings;
  const saved = await loadSession(home, chain, id);
  const usable = saved !== undefined && saved.grant.notAfter - Date.now() > LEAST_LEFT_MS;
  if (usable && Date.now() - saved.savedAt < FRESH_MS) return saved;
  try {
    return (await openSession(context, id)).session;
  } catch (error) {
    // The machine may well be reachable while the chain is not.
    if (usable && error instanceof Error && error.name === 'ChainUnreachable') return saved;
    throw error;
  }
}
