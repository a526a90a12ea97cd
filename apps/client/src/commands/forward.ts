import { once } from 'node:events';
import { setInterval } from 'node:timers';
import { Command, InvalidArgumentError } from 'commander';
import type { Forward } from '@hamster/p2p';
import { sentenceOf } from '@hamster/daemon';
import { clientHost, onlineGateways, openSession } from '../access/open-session.ts';
import type { Session } from '../access/session.ts';
import { tunnelsOf } from '../access/tunnel.ts';
import type { Tunnels } from '../access/tunnel.ts';
import { port, positive } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import type { Run } from '../cli/program.ts';

interface Mapping {
  readonly local: number;
  readonly remote: number;
}

const REFRESH_MS = 30_000;

export function forwardCommand(run: Run): Command {
  return new Command('forward')
    .description('reach TCP ports of a rented machine on this one, until Ctrl-C')
    .argument('<lease>', 'id, as in `hamster leases`', positive)
    .argument('<ports...>', 'local:remote, such as 8080:80; a local 0 takes a free port', mappings)
    .option('--listen <address>', 'address to listen on', '127.0.0.1')
    .action(run(forward));
}

async function forward(
  context: Context,
  id: number,
  ports: Mapping[],
  flags: { listen: string },
): Promise<void> {
  let session = await openSession(context, id);
  const host = await clientHost(context.settings);
  const refreshing = setInterval(() => {
    newer(context, session).then(
      (next) => (session = next),
      () => undefined,
    );
  }, REFRESH_MS);
  const open: Forward[] = [];
  try {
    const tunnels = await tunnelsOf(host, () => session);
    for (const mapping of ports) open.push(await listen(context, tunnels, mapping, flags.listen));
    context.tell('Ctrl-C ends it.');
    if (!context.signal.aborted) await once(context.signal, 'abort');
  } finally {
    clearInterval(refreshing);
    await Promise.all(open.map((one) => one.close()));
    await host.stop();
  }
}

/** Gateways come and go while a forward runs. */
async function newer(context: Context, session: Session): Promise<Session> {
  return { ...session, gateways: await onlineGateways(await context.chain()) };
}

async function listen(
  context: Context,
  tunnels: Tunnels,
  { local, remote }: Mapping,
  address: string,
): Promise<Forward> {
  const { forwardPort } = await import('@hamster/p2p');
  const opened = await forwardPort({
    host: address,
    port: local,
    open: (signal) => tunnels.open(remote, signal),
    onError: (error) => context.tell(sentenceOf(error)),
  });
  context.print(`${address}:${opened.port} leads to port ${remote} of the machine.`);
  return opened;
}

function mappings(text: string, previous: Mapping[] | undefined): Mapping[] {
  const match = /^(?:(\d+):)?(\d+)$/.exec(text);
  if (!match?.[2]) throw new InvalidArgumentError('Say local:remote, such as 8080:80.');
  const remote = port(match[2]);
  const local = match[1] === '0' ? 0 : port(match[1] ?? match[2]);
  return [...(previous ?? []), { local, remote }];
}
