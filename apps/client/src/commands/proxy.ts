import { addAbortSignal } from 'node:stream';
import type { Duplex } from 'node:stream';
import { Command } from 'commander';
import { clientHost, placeOf } from '../access/open-session.ts';
import { reach } from '../access/reach.ts';
import { port, positive } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import { throughDaemon } from '../daemon/door.ts';
import type { Run } from '../cli/program.ts';

/** For ssh's ProxyCommand: standard input and output become a stream to the machine. */
export function proxyCommand(run: Run): Command {
  return new Command('proxy')
    .description('join standard input and output with a port of a rented machine')
    .argument('<lease>', 'id', positive)
    .option('--port <port>', 'TCP port of the machine', port, 22)
    .action(run(proxy));
}

async function proxy(context: Context, id: number, flags: { port: number }): Promise<void> {
  const ready = await throughDaemon(await placeOf(context), id, flags.port);
  if (ready) return join(context, ready);
  const host = await clientHost(context.settings);
  try {
    const { tunnel } = await reach(context, host, id, flags.port);
    await join(context, tunnel);
  } finally {
    await host.stop();
  }
}

async function join({ signal }: Context, tunnel: Duplex): Promise<void> {
  const { bridgeStdio } = await import('@hamster/p2p/stdio');
  addAbortSignal(signal, tunnel);
  await bridgeStdio(tunnel, process.stdin, process.stdout);
}
